use gloo_net::http::Method;

use cavuer_protocol::AgentId;
use cavuer_protocol::console::{
    Agent, AgentChanges, AgentUsage, AskPlayground, Channel, ModelInfo, NewAgent, NewChannel,
    PlaygroundAnswer, SpeechModel,
};

use super::{ApiError, WorkspaceApi};

impl WorkspaceApi {
    pub async fn models(self) -> Result<Vec<ModelInfo>, ApiError> {
        self.get("models").await
    }

    pub async fn speech_models(self) -> Result<Vec<SpeechModel>, ApiError> {
        self.get("speech-models").await
    }

    pub async fn agents(self) -> Result<Vec<Agent>, ApiError> {
        self.get("agents").await
    }

    pub async fn create_agent(self, agent: &NewAgent) -> Result<Agent, ApiError> {
        self.send(Method::POST, "agents", agent).await
    }

    pub async fn agent(self, agent: AgentId) -> Result<Agent, ApiError> {
        self.get(&format!("agents/{agent}")).await
    }

    pub async fn change_agent(
        self,
        agent: AgentId,
        changes: &AgentChanges,
    ) -> Result<Agent, ApiError> {
        self.send(Method::PATCH, &format!("agents/{agent}"), changes).await
    }

    pub async fn delete_agent(self, agent: AgentId) -> Result<(), ApiError> {
        self.command(Method::DELETE, &format!("agents/{agent}")).await
    }

    pub async fn agent_usage(self, agent: AgentId) -> Result<AgentUsage, ApiError> {
        self.get(&format!("agents/{agent}/usage")).await
    }

    /// Asks an agent under settings that are not saved.
    pub async fn ask_playground(
        self,
        agent: AgentId,
        asked: &AskPlayground,
    ) -> Result<PlaygroundAnswer, ApiError> {
        self.send(Method::POST, &format!("agents/{agent}/playground"), asked).await
    }

    pub async fn add_channel(self, agent: AgentId, name: String) -> Result<Channel, ApiError> {
        let path = format!("agents/{agent}/channels");
        self.send(Method::POST, &path, &NewChannel { name }).await
    }
}
