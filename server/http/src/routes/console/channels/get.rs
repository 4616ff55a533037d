use axum::Json;
use axum::extract::State;
use cavuer_protocol::ChannelId;
use cavuer_protocol::console::Channel;
use cavuer_protocol::notice;

use super::describe;
use crate::App;
use crate::answers::{ApiError, ApiResult};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;

/// One channel with all its settings, without its secret key.
///
/// Members of the workspace may call.
#[utoipa::path(
    get, path = "/workspaces/{workspace}/channels/{channel}", tag = "channels",
    params(("workspace" = String, Path), ("channel" = String, Path)),
    responses((status = 200, body = Channel), refusals::ForMembers),
)]
pub(crate) async fn get_channel(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(channel): Id<ChannelId>,
) -> ApiResult<Json<Channel>> {
    let channel = app.engine.store.channel(workspace.id, channel).await?;
    let channel = channel.ok_or(ApiError::NotFound(notice::no_such_channel()))?;
    Ok(Json(describe(&app, channel)))
}
