//! Agents: model, instruction and knowledge behind one or more channels.

pub mod ask_playground;
pub mod create;
pub mod delete;
pub mod get;
pub mod get_usage;
pub mod list;
pub mod update;

use cavuer_protocol::WorkspaceId;

use crate::App;
use crate::answers::ApiResult;
use cavuer_engine::checks::Checks;
use cavuer_models::ModelId;

/// A model of the list, or another one of a provider of the server or the workspace. Whether there
/// is a key for it now does not matter: the agent can be set up before.
async fn accept_model(
    app: &App,
    workspace: WorkspaceId,
    checks: &mut Checks,
    field: &str,
    typed: &str,
) -> ApiResult<String> {
    let model = typed.trim();
    let exists = match ModelId::parse(model) {
        None => false,
        Some(ModelId::BuiltIn | ModelId::Environment { .. }) => true,
        Some(ModelId::Own { provider, .. }) => {
            app.engine.store.provider(workspace, provider).await?.is_some()
        }
    };
    if !exists {
        let message = "There is no such model. Choose one from the list, or write the provider \
                       and its name for the model, for example openai/gpt-4.1-mini.";
        checks.problem(field, message);
    }
    Ok(model.to_owned())
}
