//! The one place that turns errors into answers, and the only one that picks their status.

use std::time::Duration;

use axum::Json;
use axum::extract::{FromRequest, Request, rejection::JsonRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cavuer_protocol::{FieldProblem, ProblemCode};
use serde::de::DeserializeOwned;

use cavuer_store::StoreError;

/// Every way in which a request can fail.
#[derive(Debug)]
pub enum ApiError {
    /// The request could not be read; the text says why.
    BadRequest(String),
    /// Fields have to be mended.
    Invalid(Vec<FieldProblem>),
    WidgetUnavailable,
    SessionInvalid,
    IdentityInvalid,
    IdentificationRequired,
    SignInRequired,
    CredentialsInvalid,
    SignUpClosed,
    OriginRefused,
    Forbidden(&'static str),
    /// The thing's name, for example "agent".
    NotFound(&'static str),
    Conflict(String),
    TooLarge(String),
    UnsupportedMediaType(String),
    RateLimited(Duration),
    /// The store cannot work now.
    Unavailable(StoreError),
    /// The server is shutting down.
    Stopping,
    /// A fault of ours; the text goes to the log only.
    Internal(String),
}

/// The answer of every handler.
pub type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    /// One field that has to be mended.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldProblem { field: field.into(), message: message.into() }])
    }

    fn parts(self) -> (StatusCode, ProblemCode, String, Vec<FieldProblem>) {
        use ProblemCode as Code;
        use StatusCode as Status;
        let plain = |status, code, detail: &str| (status, code, detail.to_owned(), Vec::new());
        match self {
            Self::BadRequest(detail) => (Status::BAD_REQUEST, Code::BadRequest, detail, vec![]),
            Self::Invalid(fields) => {
                let detail = fields
                    .iter()
                    .map(|field| format!("{}: {}", field.field, field.message))
                    .collect::<Vec<_>>()
                    .join(" ");
                (Status::UNPROCESSABLE_ENTITY, Code::ValidationFailed, detail, fields)
            }
            Self::WidgetUnavailable => plain(
                Status::FORBIDDEN,
                Code::WidgetUnavailable,
                "The chat is not available on this page.",
            ),
            Self::SessionInvalid => plain(
                Status::UNAUTHORIZED,
                Code::SessionInvalid,
                "The session is missing, has expired or belongs to another page. Open a new one.",
            ),
            Self::IdentityInvalid => plain(
                Status::FORBIDDEN,
                Code::IdentityInvalid,
                "data-user-hash does not prove data-user-id. It must be the hex HMAC-SHA256 of \
                 exactly that id, made on the site's server with this channel's secret key.",
            ),
            Self::IdentificationRequired => plain(
                Status::FORBIDDEN,
                Code::IdentificationRequired,
                "This channel only takes messages from identified users. The page has to pass \
                 data-user-id and data-user-hash.",
            ),
            Self::SignInRequired => {
                plain(Status::UNAUTHORIZED, Code::SignInRequired, "Sign in to go on.")
            }
            Self::CredentialsInvalid => plain(
                Status::UNAUTHORIZED,
                Code::CredentialsInvalid,
                "The e-mail address or the password is wrong.",
            ),
            Self::SignUpClosed => plain(
                Status::FORBIDDEN,
                Code::SignUpClosed,
                "This server does not accept new accounts. Ask its administrator for one.",
            ),
            Self::OriginRefused => plain(
                Status::FORBIDDEN,
                Code::OriginRefused,
                "The request came from another site than the console.",
            ),
            Self::Forbidden(detail) => plain(Status::FORBIDDEN, Code::Forbidden, detail),
            Self::NotFound(thing) => {
                let detail = format!("There is no such {thing}.");
                (Status::NOT_FOUND, Code::NotFound, detail, vec![])
            }
            Self::Conflict(detail) => (Status::CONFLICT, Code::Conflict, detail, vec![]),
            Self::TooLarge(detail) => {
                (Status::PAYLOAD_TOO_LARGE, Code::PayloadTooLarge, detail, vec![])
            }
            Self::UnsupportedMediaType(detail) => {
                (Status::UNSUPPORTED_MEDIA_TYPE, Code::UnsupportedMediaType, detail, vec![])
            }
            Self::RateLimited(wait) => {
                let seconds = whole_seconds(wait);
                let detail = format!("Too many requests. Try again in {seconds} s.");
                (Status::TOO_MANY_REQUESTS, Code::RateLimited, detail, vec![])
            }
            Self::Unavailable(_) => plain(
                Status::SERVICE_UNAVAILABLE,
                Code::Unavailable,
                "The server cannot store anything at the moment. Nothing was changed; try again.",
            ),
            Self::Stopping => plain(
                Status::SERVICE_UNAVAILABLE,
                Code::Unavailable,
                "The server is shutting down. Try again in a moment.",
            ),
            Self::Internal(_) => plain(
                Status::INTERNAL_SERVER_ERROR,
                Code::Internal,
                "Something went wrong on the server. The log has it under this request's id.",
            ),
        }
    }
}

/// What an error answer carries until the outermost layer adds the request's id and writes it out.
#[derive(Clone)]
pub struct UnfinishedProblem {
    pub code: ProblemCode,
    pub detail: String,
    pub fields: Vec<FieldProblem>,
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        match &self {
            Self::Internal(cause) => tracing::error!(%cause, "request failed"),
            Self::Unavailable(cause) => tracing::error!(%cause, "the store is unavailable"),
            _ => {}
        }
        let retry_after = match &self {
            Self::RateLimited(wait) => Some(whole_seconds(*wait)),
            Self::Unavailable(_) | Self::Stopping => Some(2),
            _ => None,
        };
        let (status, code, detail, fields) = self.parts();
        let mut response = status.into_response();
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(UnfinishedProblem { code, detail, fields });
        response
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        if error.is_unavailable() {
            Self::Unavailable(error)
        } else {
            Self::Internal(error.to_string())
        }
    }
}

/// A JSON body, whose refusals name the field and the remedy.
pub struct Body<T>(pub T);

impl<T, S> FromRequest<S> for Body<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(value)) => Ok(Self(value)),
            Err(JsonRejection::MissingJsonContentType(_)) => Err(ApiError::UnsupportedMediaType(
                "Send the body as JSON, with the header content-type: application/json.".to_owned(),
            )),
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(ApiError::TooLarge("The request's body is too large.".to_owned()))
            }
            Err(rejection) => Err(ApiError::BadRequest(format!(
                "The body cannot be read: {}.",
                innermost(&rejection)
            ))),
        }
    }
}

/// axum wraps serde's message, which names field and place, in sentences of its own.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

fn whole_seconds(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis().div_ceil(1_000)).unwrap_or(u64::MAX).max(1)
}
