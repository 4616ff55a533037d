use cavuer_protocol::WorkspaceId;
use cavuer_protocol::console::{ConsoleEvent, MeaningSearch, MeaningState};

use super::Trust;
use crate::app::App;
use crate::llm::LlmError;
use crate::providers;
use crate::store::StoreError;

/// How search by meaning stands in a workspace.
pub async fn status(app: &App, workspace: WorkspaceId) -> Result<MeaningSearch, StoreError> {
    let Some(chosen) = app.store.meaning_model(workspace).await? else {
        return Ok(MeaningSearch::default());
    };
    let (passages, prepared) = app.store.count_vectors(&chosen).await?;
    let languages = chosen.trust.as_ref().map(Trust::languages);
    // Nothing is asked of a model without its provider, so nothing else would find that out.
    let provider = providers::provider_model(app, workspace, &chosen.model).await?;
    let gone = provider.err().map(|error| (app.clock.now(), LlmError::reason(&error)));
    let state = match gone.or(chosen.failure) {
        Some((at, reason)) => MeaningState::Failing { at, reason },
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
pub async fn tell(app: &App, workspace: WorkspaceId) {
    match status(app, workspace).await {
        Ok(search) => {
            let event = ConsoleEvent::MeaningSearchChanged { search };
            app.hub.publish_to_consoles(workspace, &event, app.clock.now());
        }
        Err(error) => tracing::warn!(%error, "consoles will see the change after a reload"),
    }
}
