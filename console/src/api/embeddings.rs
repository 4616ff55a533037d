use gloo_net::http::Method;

use cavuer_protocol::console::{ChooseMeaning, MeaningSearch, MeaningTried, TryMeaning};

use super::{ApiError, WorkspaceApi};

impl WorkspaceApi {
    pub async fn meaning(self) -> Result<MeaningSearch, ApiError> {
        self.get("meaning").await
    }

    pub async fn choose_meaning(self, choice: &ChooseMeaning) -> Result<MeaningSearch, ApiError> {
        self.send(Method::PUT, "meaning", choice).await
    }

    pub async fn try_meaning(self, trial: &TryMeaning) -> Result<MeaningTried, ApiError> {
        self.send(Method::POST, "meaning/try", trial).await
    }
}
