use axum::Json;
use axum::extract::State;
use cavuer_protocol::AgentId;
use cavuer_protocol::console::HandOver;
use cavuer_protocol::notice;

use crate::App;
use crate::answers::{ApiError, ApiResult};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;

/// How an agent hands conversations over to people.
///
/// Members of the workspace may call.
#[utoipa::path(
    get, path = "/workspaces/{workspace}/agents/{agent}/hand-over", tag = "agents",
    params(("workspace" = String, Path), ("agent" = String, Path)),
    responses((status = 200, body = HandOver), refusals::ForMembers),
)]
pub(crate) async fn get_hand_over(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(agent): Id<AgentId>,
) -> ApiResult<Json<HandOver>> {
    let found = app.engine.store.hand_over(workspace.id, agent).await?;
    Ok(Json(found.ok_or(ApiError::NotFound(notice::no_such_agent()))?))
}
