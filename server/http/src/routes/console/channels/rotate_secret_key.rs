use axum::Json;
use axum::extract::State;
use cavuer_protocol::console::{RotateSecretKey, SecretKey};
use cavuer_protocol::{ChannelId, Timestamp};

use crate::App;
use crate::answers::{ApiError, ApiResult, Body};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::channels::new_secret_key;
use cavuer_engine::checks::Checks;

/// Longest time for which the old key may still be accepted: a week.
const MOST_HOURS: u32 = 168;
const HOUR_MILLIS: i64 = 60 * 60 * 1_000;

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
pub async fn rotate_secret_key(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(channel): Id<ChannelId>,
    Body(RotateSecretKey { keep_old_hours }): Body<RotateSecretKey>,
) -> ApiResult<Json<SecretKey>> {
    let mut checks = Checks::default();
    checks.range("keep_old_hours", keep_old_hours, 0, MOST_HOURS);
    checks.finish().map_err(ApiError::Invalid)?;

    let secret_key = new_secret_key(&app.engine.random);
    let keep_until = end_of(keep_old_hours, app.engine.clock.now());
    let new = secret_key.clone();
    if !app.engine.store.rotate_secret_key(workspace.id, channel, new, keep_until).await? {
        return Err(ApiError::NotFound("channel"));
    }
    Ok(Json(SecretKey { secret_key }))
}

fn end_of(hours: u32, now: Timestamp) -> Option<Timestamp> {
    (hours > 0).then(|| now.plus_millis(i64::from(hours) * HOUR_MILLIS))
}
