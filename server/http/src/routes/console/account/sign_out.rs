use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum_extra::extract::CookieJar;

use crate::App;
use crate::answers::ApiResult;
use crate::guard::console_session;
use crate::routes::console::refusals;

/// Signs out: ends the session on the server and removes the cookie.
///
/// Anybody may call; whoever is not signed in stays so.
#[utoipa::path(
    post, path = "/sign-out", tag = "account",
    responses((status = 204, description = "Signed out."), refusals::ForAnybody),
)]
pub(crate) async fn sign_out(
    State(app): State<App>,
    headers: HeaderMap,
) -> ApiResult<(StatusCode, CookieJar)> {
    let removal = console_session::end_current(&app, &headers).await?;
    Ok((StatusCode::NO_CONTENT, CookieJar::new().add(removal)))
}
