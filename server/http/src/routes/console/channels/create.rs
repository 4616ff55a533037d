use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use cavuer_protocol::console::{Channel, NewChannel};
use cavuer_protocol::limits::NAME_CHARS;
use cavuer_protocol::{AgentId, ChannelId};

use super::describe;
use crate::App;
use crate::answers::{ApiError, ApiResult, Body};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::channels::{new_secret_key, new_token};
use cavuer_engine::checks::Checks;
use cavuer_store::NewWidgetChannel;

/// The colour of a channel whose owner has not chosen one.
const COLOR: &str = "#4f46e5";

/// Adds a Widget channel to an agent. It is switched off, and titled like the agent.
///
/// Members of the workspace may call.
#[utoipa::path(
    post, path = "/workspaces/{workspace}/agents/{agent}/channels", tag = "channels",
    request_body = NewChannel,
    params(("workspace" = String, Path), ("agent" = String, Path)),
    responses((status = 201, body = Channel), refusals::ForMembers, refusals::OfContent),
)]
pub async fn create_channel(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(agent): Id<AgentId>,
    Body(wanted): Body<NewChannel>,
) -> ApiResult<(StatusCode, Json<Channel>)> {
    let mut checks = Checks::default();
    let name = checks.line("name", &wanted.name, NAME_CHARS);
    checks.finish().map_err(ApiError::Invalid)?;

    let now = app.engine.clock.now();
    let new = NewWidgetChannel {
        id: app.engine.random.id(now, ChannelId::from_parts),
        agent,
        name,
        token: new_token(&app.engine.random),
        secret_key: new_secret_key(&app.engine.random),
        color: COLOR.to_owned(),
        created_at: now,
    };
    let channel = app.engine.store.create_widget(workspace.id, new).await?;
    let channel = channel.ok_or(ApiError::NotFound("agent"))?;
    Ok((StatusCode::CREATED, Json(describe(&app, channel))))
}
