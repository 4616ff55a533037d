use axum::Json;
use axum::extract::State;
use cavuer_protocol::console::Agent;

use crate::App;
use crate::answers::ApiResult;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::shown;

/// The workspace's agents with their channels, oldest first.
///
/// Members of the workspace may call.
#[utoipa::path(
    get, path = "/workspaces/{workspace}/agents", tag = "agents",
    params(("workspace" = String, Path)),
    responses((status = 200, body = Vec<Agent>), refusals::ForMembers),
)]
pub(crate) async fn list_agents(
    State(app): State<App>,
    Member { workspace, .. }: Member,
) -> ApiResult<Json<Vec<Agent>>> {
    let agents = app.engine.store.agents(workspace.id).await?;
    Ok(Json(agents.into_iter().map(shown::agent).collect()))
}
