use axum::body::{Body, to_bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use cavuer_protocol::{Problem, ProblemCode, notice};

use super::error::UnfinishedProblem;

/// Longest refusal of a library whose words are taken over, in bytes.
const WORDS_BYTES: usize = 2_048;

/// Marks a refusal that is a page for a person to read, and stays as it is.
#[derive(Clone, Copy)]
pub(crate) struct PageForPeople;

/// Writes out an error as `application/problem+json` under the request's id. Refusals that the
/// framework worded itself, in plain text, take the same form.
pub(crate) async fn finish(response: Response, request_id: &str) -> Response {
    let status = response.status();
    let is_page = response.extensions().get::<PageForPeople>().is_some();
    if is_page || !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let (mut head, body) = response.into_parts();
    let unfinished = match head.extensions.remove::<UnfinishedProblem>() {
        Some(unfinished) => unfinished,
        None => {
            let words = to_bytes(body, WORDS_BYTES).await.unwrap_or_default();
            from_plain_refusal(status, &String::from_utf8_lossy(&words))
        }
    };
    let problem = Problem {
        kind: "about:blank".to_owned(),
        title: status.canonical_reason().unwrap_or("Error").to_owned(),
        status: status.as_u16(),
        detail: unfinished.detail,
        notice: unfinished.notice,
        code: unfinished.code,
        request_id: request_id.to_owned(),
        fields: unfinished.fields,
    };
    head.headers.remove(header::CONTENT_LENGTH);
    head.headers.remove(header::CONTENT_ENCODING);
    head.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    head.headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    Response::from_parts(head, Body::from(serde_json::to_vec(&problem).unwrap_or_default()))
}

fn from_plain_refusal(status: StatusCode, words: &str) -> UnfinishedProblem {
    let code = match status {
        StatusCode::UNAUTHORIZED => ProblemCode::SignInRequired,
        StatusCode::FORBIDDEN => ProblemCode::Forbidden,
        StatusCode::NOT_FOUND => ProblemCode::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => ProblemCode::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => ProblemCode::PayloadTooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ProblemCode::UnsupportedMediaType,
        status if status.is_server_error() => ProblemCode::Internal,
        _ => ProblemCode::BadRequest,
    };
    let notice = match (words.trim(), status.canonical_reason()) {
        // What went wrong inside is for the log alone.
        _ if status.is_server_error() => notice::server_fault(),
        ("", _) if status == StatusCode::METHOD_NOT_ALLOWED => notice::method_not_allowed(),
        ("", Some(reason)) => notice::verbatim(format!("{reason}.")),
        ("", None) => notice::request_refused(),
        (words, _) => notice::verbatim(words),
    };
    UnfinishedProblem::new(code, notice)
}
