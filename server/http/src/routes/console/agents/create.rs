use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use cavuer_protocol::console::{Agent, NewAgent};

use crate::App;
use crate::answers::{ApiResult, Body};
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::agents;

/// Makes an agent.
///
/// Members of the workspace may call.
#[utoipa::path(
    post, path = "/workspaces/{workspace}/agents", tag = "agents", request_body = NewAgent,
    params(("workspace" = String, Path)),
    responses((status = 201, body = Agent), refusals::ForMembers, refusals::OfContent),
)]
pub(crate) async fn create_agent(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Body(wanted): Body<NewAgent>,
) -> ApiResult<(StatusCode, Json<Agent>)> {
    let agent = agents::create(&app.engine.agents, workspace.id, wanted).await?;
    Ok((StatusCode::CREATED, Json(agent)))
}
