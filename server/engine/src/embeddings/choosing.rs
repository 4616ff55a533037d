use cavuer_protocol::console::{ChooseMeaning, MeaningSearch, MeaningTried, TryMeaning};
use cavuer_protocol::{WorkspaceId, notice};

use super::{Embeddings, status};
use crate::failure::told_with_words;
use crate::providers;
use crate::refused::Refused;
use cavuer_models::{ModelId, examine};

/// Chooses a model for a workspace, or none.
pub async fn choose(
    embeddings: &Embeddings,
    workspace: WorkspaceId,
    wanted: ChooseMeaning,
) -> Result<MeaningSearch, Refused> {
    let model = match wanted.model {
        Some(model) => Some(accept_model(embeddings, workspace, &model).await?),
        None => None,
    };
    embeddings.store.choose_embedding_model(workspace, model).await?;
    embeddings.changed.notify_one();
    status::tell(embeddings, workspace).await;
    Ok(status::status(embeddings, workspace).await?)
}

/// Has a model take its exam, without choosing it.
pub async fn try_out(
    embeddings: &Embeddings,
    workspace: WorkspaceId,
    wanted: &TryMeaning,
) -> Result<MeaningTried, Refused> {
    let model = accept_id(&wanted.model)?;
    let tried = match providers::embedder(&embeddings.providers, workspace, model).await? {
        Ok(embedder) => examine(&*embedder).await,
        Err(error) => Err(error),
    };
    Ok(match tried {
        Ok(trust) if trust.languages().is_empty() => MeaningTried::fails(notice::meaning_useless()),
        Ok(trust) => MeaningTried::works(trust.languages()),
        Err(error) => {
            tracing::info!(%workspace, %error, "search by meaning was tried in vain");
            MeaningTried::fails(told_with_words(&error))
        }
    })
}

/// The id of a provider's model, as far as its form goes.
fn accept_id(typed: &str) -> Result<&str, Refused> {
    let id = typed.trim();
    if matches!(ModelId::parse(id), None | Some(ModelId::BuiltIn)) {
        return Err(Refused::field("model", notice::meaning_model_malformed()));
    }
    Ok(id)
}

/// A model that can be asked for vectors, as far as that is known without asking.
async fn accept_model(
    embeddings: &Embeddings,
    workspace: WorkspaceId,
    typed: &str,
) -> Result<String, Refused> {
    let id = accept_id(typed)?;
    match providers::provider_model(&embeddings.providers, workspace, id).await? {
        Ok(model) if model.can_embed() => Ok(id.to_owned()),
        Ok(_) => Err(Refused::field("model", notice::meaning_not_offered())),
        Err(error) => Err(Refused::field("model", error.reason())),
    }
}
