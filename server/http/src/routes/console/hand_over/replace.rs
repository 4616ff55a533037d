use axum::Json;
use axum::extract::State;
use cavuer_protocol::AgentId;
use cavuer_protocol::console::HandOver;

use crate::App;
use crate::answers::{ApiResult, Body};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::agents;

/// Changes how an agent hands conversations over to people.
///
/// Members of the workspace may call.
#[utoipa::path(
    put, path = "/workspaces/{workspace}/agents/{agent}/hand-over", tag = "agents",
    request_body = HandOver,
    params(("workspace" = String, Path), ("agent" = String, Path)),
    responses((status = 200, body = HandOver), refusals::ForMembers, refusals::OfContent),
)]
pub(crate) async fn replace_hand_over(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(agent): Id<AgentId>,
    Body(wanted): Body<HandOver>,
) -> ApiResult<Json<HandOver>> {
    Ok(Json(agents::set_hand_over(&app.engine.agents, workspace.id, agent, wanted).await?))
}
