//! Errors on the wire: `application/problem+json` (RFC 9457).

use serde::{Deserialize, Serialize};

use crate::Notice;

/// What went wrong, for people and for programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Always `about:blank`: the meaning is in `code`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The HTTP status in words.
    pub title: String,
    /// The HTTP status code, the same as the answer's own.
    pub status: u16,
    /// One or two plain sentences: what is wrong and what to do.
    pub detail: String,
    /// `detail` by its code; absent where the words are of `fields`, or somebody else's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
    /// For programs; they need not read the words.
    pub code: ProblemCode,
    /// Names this request in the server's log.
    pub request_id: String,
    /// The fields at fault, when the problem lies in the request's content.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldProblem>,
}

/// One field that has to be mended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[non_exhaustive]
pub struct FieldProblem {
    /// Name of the field as in the request, for example `allowed_domains[2]`.
    pub field: String,
    /// What is wrong with it and what would be right.
    pub message: String,
    /// `message` by its code; absent where the words are somebody else's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
}

impl FieldProblem {
    /// What is wrong with a field.
    pub fn new(field: impl Into<String>, notice: Notice) -> Self {
        let (message, notice) = notice.told();
        Self { field: field.into(), message, notice }
    }
}

/// Every kind of problem that the API answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// 400: the request could not be read, for example because it is not JSON.
    BadRequest,
    /// 422: it was read, but fields need mending; `fields` names them.
    ValidationFailed,
    /// 403: the widget does not work here. Deliberately without a reason.
    WidgetUnavailable,
    /// 401: the visitor's session is missing, expired or for another page; open a new one.
    SessionInvalid,
    /// 403: `data-user-hash` does not prove `data-user-id`.
    IdentityInvalid,
    /// 403: the channel only takes messages from identified users.
    IdentificationRequired,
    /// 401: nobody is signed in to the console.
    SignInRequired,
    /// 401: e-mail or password is wrong.
    CredentialsInvalid,
    /// 403: this server does not accept new accounts.
    SignUpClosed,
    /// 403: a console request came from another site.
    OriginRefused,
    /// 403: signed in, but not allowed to do this.
    Forbidden,
    /// 404: it does not exist, or belongs to somebody else.
    NotFound,
    /// 405
    MethodNotAllowed,
    /// 409: it exists already, or has changed meanwhile.
    Conflict,
    /// 413: more bytes than allowed.
    PayloadTooLarge,
    /// 415: a kind of content that is not taken here.
    UnsupportedMediaType,
    /// 429: too many requests; `Retry-After` says when to try again.
    RateLimited,
    /// 503: the server cannot store or answer now; nothing was changed.
    Unavailable,
    /// 500: a fault of the server.
    Internal,
    /// A code this client does not know yet.
    #[serde(other)]
    Unknown,
}
