use axum::Json;
use axum::extract::State;
use cavuer_protocol::ChannelId;
use cavuer_protocol::console::{RotateSecretKey, SecretKey};

use crate::App;
use crate::answers::{ApiResult, Body};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::channels;

/// Replaces the channel's secret key. Hashes made with the old one hold for the hours that the
/// body names; with 0 they stop holding at once.
///
/// Members of the workspace may call.
#[utoipa::path(
    post, path = "/workspaces/{workspace}/channels/{channel}/secret-key/rotate", tag = "channels",
    request_body = RotateSecretKey,
    params(("workspace" = String, Path), ("channel" = String, Path)),
    responses((status = 200, body = SecretKey), refusals::ForMembers, refusals::OfContent),
)]
pub(crate) async fn rotate_secret_key(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(channel): Id<ChannelId>,
    Body(wanted): Body<RotateSecretKey>,
) -> ApiResult<Json<SecretKey>> {
    let secret_key =
        channels::rotate_secret_key(&app.engine.channels, workspace.id, channel, wanted).await?;
    Ok(Json(SecretKey { secret_key }))
}
