use gloo_net::http::Method;

use cavuer_protocol::console::{AnswerUsage, ConversationDetail, ConversationList};
use cavuer_protocol::widget::{OlderMessages, PostMessage};
use cavuer_protocol::{AttachmentId, ConversationId, Message, Timestamp};

use super::{ApiError, Upload, WorkspaceApi, query};

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

    /// Begins to send a file for a conversation. `progress` gets the share that has left, 0 to 1.
    pub fn upload_attachment(
        self,
        conversation: ConversationId,
        id: AttachmentId,
        file: &web_sys::File,
        progress: impl Fn(f64) + 'static,
    ) -> Result<Upload, ApiError> {
        let name = query(&[("id", Some(id.to_string())), ("name", Some(file.name()))]);
        let url =
            super::url(&self.path(&format!("conversations/{conversation}/attachments{name}")));
        Upload::start(self.api, &url, file, progress)
    }

    /// Where an attachment can be fetched.
    pub fn attachment_url(self, conversation: ConversationId, id: AttachmentId) -> String {
        super::url(&self.path(&format!("conversations/{conversation}/attachments/{id}")))
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
