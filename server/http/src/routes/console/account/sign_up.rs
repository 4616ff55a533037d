use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum_extra::extract::CookieJar;
use cavuer_protocol::console::{Me, SignUp};
use cavuer_protocol::notice;

use super::describe;
use crate::App;
use crate::SignUpPolicy;
use crate::answers::{ApiError, ApiResult, Body};
use crate::guard::client_address::ClientAddress;
use crate::guard::console_session;
use crate::limits::CountedAction;
use crate::routes::console::refusals;
use cavuer_engine::accounts::{self, AccountRefused};

/// Makes an account with its first workspace, and signs in.
///
/// Anybody may call, as far as the server's sign-up policy allows.
#[utoipa::path(
    post, path = "/sign-up", tag = "account", request_body = SignUp,
    responses(
        (status = 201, body = Me, description = "Signed in: the answer sets the session cookie."),
        (status = 409, description = "Somebody has an account with this e-mail address."),
        (status = 429, description = "Too many attempts; `Retry-After` says when to try again."),
        refusals::ForAnybody, refusals::OfContent,
    ),
)]
pub(crate) async fn sign_up(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    Body(wanted): Body<SignUp>,
) -> ApiResult<(StatusCode, CookieJar, Json<Me>)> {
    app.limits.count(CountedAction::AddressSignIn(address)).map_err(ApiError::RateLimited)?;
    let only_as_first = match app.settings.sign_up {
        SignUpPolicy::Open => false,
        // Asked here too, so that nobody makes a closed server hash passwords.
        SignUpPolicy::FirstOnly if app.engine.store.count_users().await? == 0 => true,
        SignUpPolicy::FirstOnly | SignUpPolicy::Closed => return Err(ApiError::SignUpClosed),
    };
    let user = accounts::create(&app.engine.accounts, &wanted, only_as_first).await?;
    let cookie = console_session::start(&app, user.id).await?;
    let me = describe(&app, user).await?;
    Ok((StatusCode::CREATED, CookieJar::new().add(cookie), Json(me)))
}

impl From<AccountRefused> for ApiError {
    fn from(refused: AccountRefused) -> Self {
        match refused {
            AccountRefused::Invalid(fields) => Self::Invalid(fields),
            AccountRefused::EmailTaken => Self::Conflict(notice::email_taken()),
            AccountRefused::NotFirst => Self::SignUpClosed,
            AccountRefused::Hashing(error) => Self::Internal(error.to_string()),
            AccountRefused::Store(error) => error.into(),
        }
    }
}
