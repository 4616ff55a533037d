use cavuer_protocol::WorkspaceId;
use cavuer_protocol::console::{MeaningSearch, MeaningTried};

use super::status;
use crate::Engine;
use crate::providers;
use cavuer_models::examine;
use cavuer_store::StoreError;

/// Chooses a model for a workspace, or none.
pub async fn choose(
    engine: &Engine,
    workspace: WorkspaceId,
    model: Option<String>,
) -> Result<MeaningSearch, StoreError> {
    engine.store.choose_meaning_model(workspace, model).await?;
    engine.embeddings_changed.notify_one();
    status::tell(engine, workspace).await;
    status::status(engine, workspace).await
}

/// Has a model take its exam, without choosing it.
pub async fn try_out(
    engine: &Engine,
    workspace: WorkspaceId,
    model: &str,
) -> Result<MeaningTried, StoreError> {
    let tried = match providers::embedder(engine, workspace, model).await? {
        Ok(embedder) => examine(&*embedder).await,
        Err(error) => Err(error),
    };
    Ok(match tried {
        Ok(trust) if trust.languages().is_empty() => MeaningTried {
            works: false,
            message: "It answers, but it tells questions and answers apart in none of the languages that it was tried in. Choose a model that is made for searching.".to_owned(),
            languages: Vec::new(),
        },
        Ok(trust) => {
            MeaningTried { works: true, message: String::new(), languages: trust.languages() }
        }
        Err(error) => {
            tracing::info!(%workspace, %error, "search by meaning was tried in vain");
            let message = match error.detail.as_str() {
                "" => error.reason(),
                said => format!("{} It said: {said}", error.reason()),
            };
            MeaningTried { works: false, message, languages: Vec::new() }
        }
    })
}
