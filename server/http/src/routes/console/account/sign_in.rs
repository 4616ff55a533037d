use axum::Json;
use axum::extract::State;
use axum_extra::extract::CookieJar;
use cavuer_protocol::Secret;
use cavuer_protocol::console::{Me, SignIn};
use cavuer_protocol::limits::PASSWORD_MAX_CHARS;

use super::describe;
use crate::App;
use crate::answers::{ApiError, ApiResult, Body};
use crate::guard::client_address::ClientAddress;
use crate::guard::console_session;
use crate::limits::CountedAction;
use crate::routes::console::refusals;
use cavuer_engine::password;
use cavuer_store::UserRecord;

/// Signs in.
///
/// Anybody may call, as often as the limits per address and per account allow.
#[utoipa::path(
    post, path = "/sign-in", tag = "account", request_body = SignIn,
    responses(
        (status = 200, body = Me, description = "Signed in: the answer sets the session cookie."),
        (status = 401, description = "The e-mail address or the password is wrong."),
        (status = 429, description = "Too many attempts; `Retry-After` says when to try again."),
        refusals::ForAnybody, refusals::OfContent,
    ),
)]
pub(crate) async fn sign_in(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    Body(SignIn { email, password }): Body<SignIn>,
) -> ApiResult<(CookieJar, Json<Me>)> {
    let email = email.trim().to_lowercase();
    for counted in [CountedAction::AddressSignIn(address), CountedAction::AccountSignIn(&email)] {
        app.limits.count(counted).map_err(ApiError::RateLimited)?;
    }
    let user = prove(&app, email, &password).await?;
    let cookie = console_session::start(&app, user.id).await?;
    Ok((CookieJar::new().add(cookie), Json(describe(&app, user).await?)))
}

async fn prove(app: &App, email: String, password: &Secret) -> ApiResult<UserRecord> {
    // Nobody's password is as long as this, and hashing it would be work for nothing.
    if password.expose().chars().count() > PASSWORD_MAX_CHARS {
        return Err(ApiError::CredentialsInvalid);
    }
    let user = app.engine.store.user_by_email(email).await?;
    let stored = user.as_ref().map(|user| user.password_hash.clone());
    let is_right = password::verify(stored, password)
        .await
        .map_err(|error| ApiError::Internal(error.to_string()))?;
    user.filter(|_| is_right).ok_or(ApiError::CredentialsInvalid)
}
