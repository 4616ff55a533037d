use cavuer_protocol::console::{ConsoleEvent, MeaningSearch, MeaningState};
use cavuer_protocol::{Notice, WorkspaceId};

use super::Embeddings;
use crate::providers;
use cavuer_store::StoreError;
use cavuer_text::trust::Trust;

/// How search by meaning stands in a workspace.
pub async fn status(
    embeddings: &Embeddings,
    workspace: WorkspaceId,
) -> Result<MeaningSearch, StoreError> {
    let Some(chosen) = embeddings.store.embedding_model(workspace).await? else {
        return Ok(MeaningSearch::default());
    };
    let (passages, prepared) = embeddings.store.count_vectors(&chosen).await?;
    let languages = chosen.trust.as_ref().map(Trust::languages);
    // Nothing is asked of a model without its provider, so nothing else would find that out.
    let provider =
        providers::provider_model(&embeddings.providers, workspace, &chosen.model).await?;
    let gone = provider.err().map(|error| (embeddings.clock.now(), error.reason()));
    let failed = chosen.failure.map(|(at, stored)| (at, Notice::from_stored(&stored)));
    let state = match gone.or(failed) {
        Some((at, reason)) => MeaningState::failing(at, reason),
        None if languages.as_ref().is_some_and(Vec::is_empty) => MeaningState::Useless,
        None if prepared < passages || languages.is_none() => MeaningState::Preparing,
        None => MeaningState::Ready,
    };
    Ok(MeaningSearch {
        model: Some(chosen.model),
        passages,
        prepared,
        languages: languages.unwrap_or_default(),
        state,
    })
}

/// Tells the consoles how search by meaning stands in a workspace.
pub(crate) async fn tell(embeddings: &Embeddings, workspace: WorkspaceId) {
    if !embeddings.live.has_consoles(workspace) {
        return;
    }
    match status(embeddings, workspace).await {
        Ok(search) => {
            let event = ConsoleEvent::MeaningSearchChanged { search };
            embeddings.live.publish_to_consoles(workspace, &event, embeddings.clock.now());
        }
        Err(error) => tracing::warn!(%error, "consoles will see the change after a reload"),
    }
}
