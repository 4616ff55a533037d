//! The one place that turns errors into answers, and the only one that picks their status.

use std::time::Duration;

use axum::Json;
use axum::extract::{FromRequest, Request, rejection::JsonRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cavuer_protocol::notice::{self, Notice};
use cavuer_protocol::{FieldProblem, ProblemCode};
use serde::de::DeserializeOwned;

use cavuer_engine::refused::Refused;
use cavuer_store::StoreError;

/// Every way in which a request can fail.
#[derive(Debug)]
pub enum ApiError {
    /// The request could not be read, and why.
    BadRequest(Notice),
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
    Forbidden(Notice),
    NotFound(Notice),
    Conflict(Notice),
    TooLarge(Notice),
    UnsupportedMediaType(Notice),
    RateLimited(Duration),
    /// The store cannot work now.
    Unavailable(StoreError),
    /// The server is shutting down.
    Stopping,
    /// A fault of ours; the text goes to the log only.
    Internal(String),
}

/// The answer of every handler.
pub(crate) type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    /// One field that has to be mended.
    pub fn field(field: impl Into<String>, notice: Notice) -> Self {
        Self::Invalid(vec![FieldProblem::new(field, notice)])
    }

    fn parts(self) -> (StatusCode, UnfinishedProblem) {
        use ProblemCode as Code;
        use StatusCode as Status;
        let (status, code, notice) = match self {
            Self::Invalid(fields) => {
                let problem = UnfinishedProblem::of_fields(fields);
                return (Status::UNPROCESSABLE_ENTITY, problem);
            }
            Self::BadRequest(why) => (Status::BAD_REQUEST, Code::BadRequest, why),
            Self::WidgetUnavailable => {
                (Status::FORBIDDEN, Code::WidgetUnavailable, notice::widget_unavailable())
            }
            Self::SessionInvalid => {
                (Status::UNAUTHORIZED, Code::SessionInvalid, notice::session_invalid())
            }
            Self::IdentityInvalid => {
                (Status::FORBIDDEN, Code::IdentityInvalid, notice::identity_invalid())
            }
            Self::IdentificationRequired => {
                (Status::FORBIDDEN, Code::IdentificationRequired, notice::identification_required())
            }
            Self::SignInRequired => {
                (Status::UNAUTHORIZED, Code::SignInRequired, notice::sign_in_required())
            }
            Self::CredentialsInvalid => {
                (Status::UNAUTHORIZED, Code::CredentialsInvalid, notice::credentials_invalid())
            }
            Self::SignUpClosed => (Status::FORBIDDEN, Code::SignUpClosed, notice::sign_up_closed()),
            Self::OriginRefused => {
                (Status::FORBIDDEN, Code::OriginRefused, notice::origin_refused())
            }
            Self::Forbidden(why) => (Status::FORBIDDEN, Code::Forbidden, why),
            Self::NotFound(what) => (Status::NOT_FOUND, Code::NotFound, what),
            Self::Conflict(why) => (Status::CONFLICT, Code::Conflict, why),
            Self::TooLarge(why) => (Status::PAYLOAD_TOO_LARGE, Code::PayloadTooLarge, why),
            Self::UnsupportedMediaType(why) => {
                (Status::UNSUPPORTED_MEDIA_TYPE, Code::UnsupportedMediaType, why)
            }
            Self::RateLimited(wait) => {
                let notice = notice::rate_limited(whole_seconds(wait));
                (Status::TOO_MANY_REQUESTS, Code::RateLimited, notice)
            }
            Self::Unavailable(_) => {
                (Status::SERVICE_UNAVAILABLE, Code::Unavailable, notice::store_unavailable())
            }
            Self::Stopping => (Status::SERVICE_UNAVAILABLE, Code::Unavailable, notice::stopping()),
            Self::Internal(_) => {
                (Status::INTERNAL_SERVER_ERROR, Code::Internal, notice::internal())
            }
        };
        (status, UnfinishedProblem::new(code, notice))
    }
}

/// What an error answer carries until the outermost layer adds the request's id and writes it out.
#[derive(Clone)]
pub(super) struct UnfinishedProblem {
    pub code: ProblemCode,
    pub detail: String,
    pub notice: Option<Notice>,
    pub fields: Vec<FieldProblem>,
}

impl UnfinishedProblem {
    pub(super) fn new(code: ProblemCode, notice: Notice) -> Self {
        let (detail, notice) = notice.told();
        Self { code, detail, notice, fields: Vec::new() }
    }

    fn of_fields(fields: Vec<FieldProblem>) -> Self {
        let lines = fields.iter().map(|field| format!("{}: {}", field.field, field.message));
        let detail = lines.collect::<Vec<_>>().join(" ");
        Self { code: ProblemCode::ValidationFailed, detail, notice: None, fields }
    }
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
        let (status, problem) = self.parts();
        let mut response = status.into_response();
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(problem);
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

impl From<Refused> for ApiError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Invalid(fields) => Self::Invalid(fields),
            Refused::NotFound(what) => Self::NotFound(what),
            Refused::Malformed(why) => Self::BadRequest(why),
            Refused::Conflict(why) => Self::Conflict(why),
            Refused::Store(error) => error.into(),
        }
    }
}

/// A JSON body, whose refusals name the field and the remedy.
pub(crate) struct Body<T>(pub T);

impl<T, S> FromRequest<S> for Body<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(value)) => Ok(Self(value)),
            Err(JsonRejection::MissingJsonContentType(_)) => {
                Err(ApiError::UnsupportedMediaType(notice::not_json()))
            }
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(ApiError::TooLarge(notice::body_too_large()))
            }
            Err(rejection) => {
                Err(ApiError::BadRequest(notice::body_unreadable(innermost(&rejection))))
            }
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
