use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use cavuer_protocol::AgentId;
use cavuer_protocol::console::{Channel, NewChannel};

use super::describe;
use crate::App;
use crate::answers::{ApiResult, Body};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::channels;

/// Adds a Widget channel to an agent. It is switched off, and titled like the agent.
///
/// Members of the workspace may call.
#[utoipa::path(
    post, path = "/workspaces/{workspace}/agents/{agent}/channels", tag = "channels",
    request_body = NewChannel,
    params(("workspace" = String, Path), ("agent" = String, Path)),
    responses((status = 201, body = Channel), refusals::ForMembers, refusals::OfContent),
)]
pub(crate) async fn create_channel(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(agent): Id<AgentId>,
    Body(wanted): Body<NewChannel>,
) -> ApiResult<(StatusCode, Json<Channel>)> {
    let channel = channels::create(&app.engine.channels, workspace.id, agent, wanted).await?;
    Ok((StatusCode::CREATED, Json(describe(&app, channel))))
}
