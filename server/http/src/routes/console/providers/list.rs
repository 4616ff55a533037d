use axum::Json;
use axum::extract::State;
use cavuer_protocol::console::ProviderList;

use crate::App;
use crate::answers::ApiResult;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::provider_setup;

/// The workspace's own model providers, oldest first, those of the server, and all kinds.
///
/// Members of the workspace may call.
#[utoipa::path(
    get, path = "/workspaces/{workspace}/providers", tag = "providers",
    params(("workspace" = String, Path)),
    responses((status = 200, body = ProviderList), refusals::ForMembers),
)]
pub(crate) async fn list_providers(
    State(app): State<App>,
    Member { workspace, .. }: Member,
) -> ApiResult<Json<ProviderList>> {
    Ok(Json(provider_setup::list(&app.engine.provider_setup, workspace.id).await?))
}
