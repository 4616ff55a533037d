use axum::Json;
use axum::extract::State;
use cavuer_protocol::ChannelId;
use cavuer_protocol::console::{Channel, ChannelChanges};

use super::describe;
use crate::App;
use crate::answers::{ApiResult, Body};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::channels;

/// Changes a channel: what the body names, all or nothing.
///
/// Members of the workspace may call.
#[utoipa::path(
    patch, path = "/workspaces/{workspace}/channels/{channel}", tag = "channels",
    request_body = ChannelChanges,
    params(("workspace" = String, Path), ("channel" = String, Path)),
    responses((status = 200, body = Channel), refusals::ForMembers, refusals::OfContent),
)]
pub(crate) async fn update_channel(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(channel): Id<ChannelId>,
    Body(wanted): Body<ChannelChanges>,
) -> ApiResult<Json<Channel>> {
    let channel = channels::change(&app.engine.channels, workspace.id, channel, wanted).await?;
    Ok(Json(describe(&app, channel)))
}
