use axum::Json;
use axum::extract::State;
use cavuer_protocol::AgentId;
use cavuer_protocol::console::Agent;
use cavuer_protocol::notice;

use crate::App;
use crate::answers::{ApiError, ApiResult};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::shown;

/// One agent.
///
/// Members of the workspace may call.
#[utoipa::path(
    get, path = "/workspaces/{workspace}/agents/{agent}", tag = "agents",
    params(("workspace" = String, Path), ("agent" = String, Path)),
    responses((status = 200, body = Agent), refusals::ForMembers),
)]
pub(crate) async fn get_agent(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(agent): Id<AgentId>,
) -> ApiResult<Json<Agent>> {
    let agent = app.engine.store.agent(workspace.id, agent).await?;
    let agent = agent.ok_or(ApiError::NotFound(notice::no_such_agent()))?;
    Ok(Json(shown::agent(agent)))
}
