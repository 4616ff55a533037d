use axum::Json;
use axum::extract::State;
use cavuer_protocol::AgentId;
use cavuer_protocol::console::Function;
use cavuer_protocol::notice;

use crate::App;
use crate::answers::{ApiError, ApiResult};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::shown;

/// An agent's functions, oldest first. The values of headers are not shown.
///
/// Members of the workspace may call.
#[utoipa::path(
    get, path = "/workspaces/{workspace}/agents/{agent}/functions", tag = "functions",
    params(("workspace" = String, Path), ("agent" = String, Path)),
    responses((status = 200, body = Vec<Function>), refusals::ForMembers),
)]
pub(crate) async fn list_functions(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(agent): Id<AgentId>,
) -> ApiResult<Json<Vec<Function>>> {
    let functions = app.engine.store.functions(workspace.id, agent).await?;
    let functions = functions.ok_or(ApiError::NotFound(notice::no_such_agent()))?;
    Ok(Json(functions.into_iter().map(shown::function).collect()))
}
