use axum::Json;
use axum::extract::State;
use cavuer_protocol::AgentId;
use cavuer_protocol::console::AgentUsage;
use cavuer_protocol::notice;

use crate::App;
use crate::answers::{ApiError, ApiResult};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::shown;

/// What an agent's answers of the last 30 days took together, today (UTC) included.
///
/// Members of the workspace may call.
#[utoipa::path(
    get, path = "/workspaces/{workspace}/agents/{agent}/usage", tag = "agents",
    params(("workspace" = String, Path), ("agent" = String, Path)),
    responses((status = 200, body = AgentUsage), refusals::ForMembers),
)]
pub(crate) async fn get_agent_usage(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(agent): Id<AgentId>,
) -> ApiResult<Json<AgentUsage>> {
    let usage = app.engine.store.agent_usage(workspace.id, agent, app.engine.clock.now()).await?;
    let usage = usage.ok_or(ApiError::NotFound(notice::no_such_agent()))?;
    Ok(Json(shown::agent_usage(usage)))
}
