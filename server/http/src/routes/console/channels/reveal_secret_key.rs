use axum::Json;
use axum::extract::State;
use cavuer_protocol::ChannelId;
use cavuer_protocol::console::SecretKey;
use cavuer_protocol::notice;

use crate::App;
use crate::answers::{ApiError, ApiResult};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;

/// Shows the channel's secret key.
///
/// Members of the workspace may call. It changes nothing, but is a POST so that no page of another
/// site can make a browser ask for it.
#[utoipa::path(
    post, path = "/workspaces/{workspace}/channels/{channel}/secret-key/reveal", tag = "channels",
    params(("workspace" = String, Path), ("channel" = String, Path)),
    responses((status = 200, body = SecretKey), refusals::ForMembers),
)]
pub(crate) async fn reveal_secret_key(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(channel): Id<ChannelId>,
) -> ApiResult<Json<SecretKey>> {
    let channel = app.engine.store.channel(workspace.id, channel).await?;
    let secret_key = channel.ok_or(ApiError::NotFound(notice::no_such_channel()))?.secret_key;
    Ok(Json(SecretKey { secret_key }))
}
