//! Search by meaning: which model is asked for it, and how it does.

pub mod choose;
pub mod get;
pub mod try_out;

use cavuer_protocol::WorkspaceId;

use crate::App;
use crate::answers::{ApiError, ApiResult};
use cavuer_engine::checks::Checks;
use cavuer_engine::providers;
use cavuer_models::{LlmError, ModelId};

/// The id of a provider's model, as far as its form goes.
fn accept_id(typed: &str) -> ApiResult<&str> {
    let id = typed.trim();
    if matches!(ModelId::parse(id), None | Some(ModelId::BuiltIn)) {
        let message = "Choose a provider and write the model's name as the provider spells it, \
                       without spaces.";
        return Err(ApiError::field("model", message));
    }
    Ok(id)
}

/// A model that can be asked for vectors, as far as that is known without asking.
async fn accept_model(app: &App, workspace: WorkspaceId, typed: &str) -> ApiResult<String> {
    let id = accept_id(typed)?;
    let mut checks = Checks::default();
    match providers::provider_model(&app.engine, workspace, id).await? {
        Ok(model) if !model.can_embed() => {
            let message = "This provider has no models for search by meaning. Choose another one.";
            checks.problem("model", message);
        }
        Ok(_) => {}
        Err(error) => checks.problem("model", LlmError::reason(&error)),
    }
    checks.finish().map_err(ApiError::Invalid)?;
    Ok(id.to_owned())
}
