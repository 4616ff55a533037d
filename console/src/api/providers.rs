use gloo_net::http::Method;

use cavuer_protocol::ProviderId;
use cavuer_protocol::console::{
    NewProvider, Provider, ProviderChanges, ProviderList, ProviderTrial, ProviderTried,
};

use super::{ApiError, WorkspaceApi};

impl WorkspaceApi {
    pub async fn providers(self) -> Result<ProviderList, ApiError> {
        self.get("providers").await
    }

    pub async fn create_provider(self, provider: &NewProvider) -> Result<Provider, ApiError> {
        self.send(Method::POST, "providers", provider).await
    }

    pub async fn change_provider(
        self,
        provider: ProviderId,
        changes: &ProviderChanges,
    ) -> Result<Provider, ApiError> {
        self.send(Method::PATCH, &format!("providers/{provider}"), changes).await
    }

    pub async fn delete_provider(self, provider: ProviderId) -> Result<(), ApiError> {
        self.command(Method::DELETE, &format!("providers/{provider}")).await
    }

    pub async fn try_provider(self, trial: &ProviderTrial) -> Result<ProviderTried, ApiError> {
        self.send(Method::POST, "providers/try", trial).await
    }
}
