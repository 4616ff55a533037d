use axum::Json;
use axum::extract::State;
use cavuer_protocol::AgentId;
use cavuer_protocol::console::{Agent, AgentChanges};

use crate::App;
use crate::answers::{ApiResult, Body};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::agents;

/// Changes an agent: what the body names, all or nothing.
///
/// Members of the workspace may call.
#[utoipa::path(
    patch, path = "/workspaces/{workspace}/agents/{agent}", tag = "agents",
    request_body = AgentChanges,
    params(("workspace" = String, Path), ("agent" = String, Path)),
    responses((status = 200, body = Agent), refusals::ForMembers, refusals::OfContent),
)]
pub(crate) async fn update_agent(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(agent): Id<AgentId>,
    Body(wanted): Body<AgentChanges>,
) -> ApiResult<Json<Agent>> {
    Ok(Json(agents::change(&app.engine.agents, workspace.id, agent, wanted).await?))
}
