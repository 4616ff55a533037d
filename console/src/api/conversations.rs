use gloo_net::http::Method;

use cavuer_protocol::console::{AnswerUsage, ConversationDetail, ConversationList};
use cavuer_protocol::widget::{OlderMessages, PostMessage};
use cavuer_protocol::{ConversationId, Message, Timestamp};

use super::{ApiError, WorkspaceApi, query};

impl WorkspaceApi {
    pub async fn conversations(
        self,
        search: Option<String>,
        before: Option<Timestamp>,
    ) -> Result<ConversationList, ApiError> {
        let query = query(&[("q", search), ("before", before.map(|at| at.0.to_string()))]);
        self.get(&format!("conversations{query}")).await
    }

    /// Those that want a person, all at once.
    pub async fn waiting_conversations(self) -> Result<ConversationList, ApiError> {
        self.get("conversations?waiting=true").await
    }

    pub async fn conversation(self, id: ConversationId) -> Result<ConversationDetail, ApiError> {
        self.get(&format!("conversations/{id}")).await
    }

    pub async fn delete_conversation(self, id: ConversationId) -> Result<(), ApiError> {
        self.command(Method::DELETE, &format!("conversations/{id}")).await
    }

    pub async fn conversation_usage(
        self,
        id: ConversationId,
    ) -> Result<Vec<AnswerUsage>, ApiError> {
        self.get(&format!("conversations/{id}/usage")).await
    }

    /// The messages before the one with this place in the conversation.
    pub async fn older_messages(
        self,
        id: ConversationId,
        before: i64,
    ) -> Result<OlderMessages, ApiError> {
        self.get(&format!("conversations/{id}/messages?before={before}")).await
    }

    /// Writes as an operator, which takes the conversation over.
    pub async fn post_message(
        self,
        id: ConversationId,
        message: &PostMessage,
    ) -> Result<Message, ApiError> {
        let path = format!("conversations/{id}/messages");
        self.send(Method::POST, &path, message).await
    }

    pub async fn take_over(self, id: ConversationId) -> Result<(), ApiError> {
        let path = format!("conversations/{id}/take-over");
        self.command(Method::POST, &path).await
    }

    pub async fn hand_back(self, id: ConversationId) -> Result<(), ApiError> {
        let path = format!("conversations/{id}/hand-back");
        self.command(Method::POST, &path).await
    }
}
