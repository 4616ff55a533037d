//! Who is signed in to the console, and which workspaces they may enter.
//!
//! A browser holds a random token in a cookie; the store knows only its SHA-256, so whoever reads
//! the database cannot sign in with what is there.

use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use cavuer_protocol::notice;
use cavuer_protocol::{Timestamp, UserId, WorkspaceId};
use sha2::{Digest, Sha256};

use crate::App;
use crate::answers::{ApiError, ApiResult};
use crate::extract::Id;
use cavuer_store::{SessionHash, StoreError, UserRecord, WorkspaceRecord};

/// Name of the cookie.
pub(crate) const COOKIE: &str = "cavuer_session";

/// How long a session lives without being used, in days.
const LIFE_DAYS: i64 = 30;
const DAY_MILLIS: i64 = 24 * 60 * 60 * 1_000;
const LIFE_MILLIS: i64 = LIFE_DAYS * DAY_MILLIS;
/// Characters of the token; 5.95 bits each.
const TOKEN_CHARS: usize = 43;

/// The person behind a request, who is signed in.
#[derive(Clone, Debug)]
pub(crate) struct SignedIn {
    pub user: UserRecord,
    /// The session that proves it.
    pub session: SessionHash,
}

/// The person behind a request, who is a member of the workspace that the path names.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub user: UserRecord,
    pub workspace: WorkspaceRecord,
    pub session: SessionHash,
}

/// Signs a person in and returns the cookie that proves it.
pub(crate) async fn start(app: &App, user: UserId) -> Result<Cookie<'static>, StoreError> {
    let token = app.engine.random.token("", TOKEN_CHARS);
    let now = app.engine.clock.now();
    app.engine.store.start_session(user, hash(&token), now, end(now)).await?;
    Ok(cookie(app, token))
}

/// Ends the request's session, if it has one, and returns the cookie that removes the old one.
pub(crate) async fn end_current(
    app: &App,
    headers: &HeaderMap,
) -> Result<Cookie<'static>, StoreError> {
    if let Some(token) = token(headers) {
        app.engine.store.end_session(hash(&token)).await?;
    }
    let mut gone = cookie(app, String::new());
    gone.make_removal();
    Ok(gone)
}

/// The request's own cookie with its full life ahead, as the stored session's is prolonged too.
pub(crate) fn renewed(app: &App, headers: &HeaderMap) -> Option<Cookie<'static>> {
    token(headers).map(|token| cookie(app, token))
}

/// Whether the session still lives; for answers that take long.
pub(crate) async fn lives(app: &App, session: SessionHash) -> Result<bool, StoreError> {
    Ok(app.engine.store.console_session(session, app.engine.clock.now()).await?.is_some())
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> ApiResult<Self> {
        let token = token(&parts.headers).ok_or(ApiError::SignInRequired)?;
        let (session, now) = (hash(&token), app.engine.clock.now());
        let found = app.engine.store.console_session(session, now).await?;
        let found = found.ok_or(ApiError::SignInRequired)?;
        // Once a day is enough: a write for every request would be much for little.
        if found.expires_at.millis_since(now) < LIFE_MILLIS - DAY_MILLIS {
            app.engine.store.extend_session(session, end(now)).await?;
        }
        Ok(Self { user: found.user, session })
    }
}

impl FromRequestParts<App> for Member {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> ApiResult<Self> {
        let SignedIn { user, session } = SignedIn::from_request_parts(parts, app).await?;
        let Id(id) = Id::<WorkspaceId>::from_request_parts(parts, app).await?;
        // Who is not a member does not learn whether the workspace exists.
        let membership = app.engine.store.membership(user.id, id).await?;
        let workspace = membership.ok_or(ApiError::NotFound(notice::no_such_workspace()))?;
        Ok(Self { user, workspace, session })
    }
}

fn token(headers: &HeaderMap) -> Option<String> {
    CookieJar::from_headers(headers).get(COOKIE).map(|cookie| cookie.value().to_owned())
}

fn hash(token: &str) -> SessionHash {
    Sha256::digest(token).into()
}

fn end(now: Timestamp) -> Timestamp {
    now.plus_millis(LIFE_MILLIS)
}

/// Not readable by scripts, not sent along by other sites' forms, and over https only where the
/// console is reached over https.
fn cookie(app: &App, token: String) -> Cookie<'static> {
    let is_https = app.settings.public_url.as_ref().is_some_and(|url| url.scheme() == "https");
    Cookie::build((COOKIE, token))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(is_https)
        .max_age(Duration::from_millis(LIFE_MILLIS.unsigned_abs()).try_into().unwrap_or_default())
        .build()
}
