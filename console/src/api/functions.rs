use gloo_net::http::Method;

use cavuer_protocol::console::{
    ChannelFunction, ForbidFunctions, Function, FunctionCall, FunctionResult, HandOver,
    SaveFunction, TryFunction,
};
use cavuer_protocol::{AgentId, ChannelId, ConversationId, FunctionId};

use super::{ApiError, WorkspaceApi};

impl WorkspaceApi {
    pub async fn hand_over(self, agent: AgentId) -> Result<HandOver, ApiError> {
        self.get(&format!("agents/{agent}/hand-over")).await
    }

    pub async fn save_hand_over(
        self,
        agent: AgentId,
        wanted: &HandOver,
    ) -> Result<HandOver, ApiError> {
        self.send(Method::PUT, &format!("agents/{agent}/hand-over"), wanted).await
    }

    pub async fn functions(self, agent: AgentId) -> Result<Vec<Function>, ApiError> {
        self.get(&format!("agents/{agent}/functions")).await
    }

    /// Adds a function, or replaces the one with this id.
    pub async fn save_function(
        self,
        agent: AgentId,
        id: Option<FunctionId>,
        function: &SaveFunction,
    ) -> Result<Function, ApiError> {
        match id {
            None => self.send(Method::POST, &format!("agents/{agent}/functions"), function).await,
            Some(id) => {
                self.send(Method::PUT, &format!("agents/{agent}/functions/{id}"), function).await
            }
        }
    }

    pub async fn delete_function(self, agent: AgentId, id: FunctionId) -> Result<(), ApiError> {
        self.command(Method::DELETE, &format!("agents/{agent}/functions/{id}")).await
    }

    /// Calls a function with arguments, which are JSON text.
    pub async fn try_function(
        self,
        agent: AgentId,
        id: FunctionId,
        arguments: String,
    ) -> Result<FunctionResult, ApiError> {
        let path = format!("agents/{agent}/functions/{id}/try");
        self.send(Method::POST, &path, &TryFunction { arguments }).await
    }

    pub async fn channel_functions(
        self,
        channel: ChannelId,
    ) -> Result<Vec<ChannelFunction>, ApiError> {
        self.get(&format!("channels/{channel}/functions")).await
    }

    pub async fn forbid_functions(
        self,
        channel: ChannelId,
        forbidden: Vec<FunctionId>,
    ) -> Result<Vec<ChannelFunction>, ApiError> {
        let path = format!("channels/{channel}/functions");
        self.send(Method::PUT, &path, &ForbidFunctions { forbidden }).await
    }

    /// What was called in a conversation, oldest first.
    pub async fn function_calls(
        self,
        conversation: ConversationId,
    ) -> Result<Vec<FunctionCall>, ApiError> {
        self.get(&format!("conversations/{conversation}/function-calls")).await
    }
}
