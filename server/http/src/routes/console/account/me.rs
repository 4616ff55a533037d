use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum_extra::extract::CookieJar;
use cavuer_protocol::console::Me;

use super::describe;
use crate::App;
use crate::answers::ApiResult;
use crate::guard::console_session::{self, SignedIn};
use crate::routes::console::refusals;

/// The person who is signed in. The console asks this when it opens, so the answer also renews
/// the browser's cookie.
///
/// Whoever is signed in may call.
#[utoipa::path(
    get, path = "/me", tag = "account",
    responses((status = 200, body = Me), refusals::ForSignedIn),
)]
pub(crate) async fn get_me(
    State(app): State<App>,
    SignedIn { user, .. }: SignedIn,
    headers: HeaderMap,
) -> ApiResult<(CookieJar, Json<Me>)> {
    let renewed = console_session::renewed(&app, &headers);
    let cookies = renewed.into_iter().fold(CookieJar::new(), CookieJar::add);
    Ok((cookies, Json(describe(&app, user).await?)))
}
