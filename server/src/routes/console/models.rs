use axum::Json;
use axum::extract::State;
use cavuer_protocol::console::ModelInfo;

use super::refusals;
use crate::app::App;
use crate::guard::console_session::Member;
use crate::llm::WorkspaceModels;
use crate::routes::error::ApiResult;

/// The language models that the workspace's agents can be given.
///
/// Members of the workspace may call.
#[utoipa::path(
    get, path = "/workspaces/{workspace}/models", tag = "agents",
    params(("workspace" = String, Path)),
    responses((status = 200, body = Vec<ModelInfo>), refusals::ForMembers),
)]
pub async fn list_models(
    State(app): State<App>,
    Member { workspace, .. }: Member,
) -> ApiResult<Json<Vec<ModelInfo>>> {
    let providers = app.store.providers(workspace.id).await?;
    let own = providers.into_iter().map(|(provider, _)| WorkspaceModels {
        provider: provider.id,
        provider_name: provider.name,
        names: provider.models,
    });
    Ok(Json(app.models.list(&own.collect::<Vec<_>>())))
}
