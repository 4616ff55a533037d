use cavuer_protocol::{Problem, ProblemCode};
use reqwest::header::HeaderMap;
use reqwest::{RequestBuilder, StatusCode};
use serde::de::DeserializeOwned;

use super::in_time;

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Reply {
    /// Sends a request and reads the answer.
    pub(crate) async fn to(request: RequestBuilder) -> Self {
        in_time("an answer", async {
            let response = request.send().await.expect("the server answers");
            Self {
                status: response.status(),
                headers: response.headers().clone(),
                body: response.text().await.expect("the answer has an end"),
            }
        })
        .await
    }

    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("headers are ASCII"))
    }

    /// Every value of a header, joined by commas.
    pub(crate) fn headers_of(&self, name: &str) -> String {
        let values = self.headers.get_all(name).iter();
        let values = values.map(|value| value.to_str().expect("headers are ASCII"));
        values.collect::<Vec<_>>().join(", ")
    }

    /// The JSON of a success.
    #[track_caller]
    pub(crate) fn json<T: DeserializeOwned>(&self) -> T {
        assert!(self.status.is_success(), "{} {}", self.status, self.body);
        assert_eq!(self.header("content-type"), Some("application/json"), "{}", self.body);
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {}", self.body))
    }

    /// Asserts that this is the refusal that is expected, and that it has the form that every
    /// refusal has.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, code: ProblemCode) -> Problem {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.body);
        let problem: Problem = serde_json::from_str(&self.body)
            .unwrap_or_else(|error| panic!("{error} in {}", self.body));
        assert_eq!(problem.code, code, "{}", self.body);
        assert_eq!(problem.status, status);
        assert_eq!(problem.kind, "about:blank");
        assert_eq!(Some(problem.title.as_str()), self.status.canonical_reason());
        assert_eq!(Some(problem.request_id.as_str()), self.header("x-request-id"));
        assert!(problem.detail.ends_with(['.', '\u{201d}']), "no sentence: {:?}", problem.detail);
        assert_eq!(self.header("x-content-type-options"), Some("nosniff"));
        assert!(self.header("content-security-policy").is_some());
        assert!(!self.body.contains(".rs:") && !self.body.contains("rusqlite"), "{}", self.body);
        problem
    }

    /// The names of the fields that a refusal wants mended.
    #[track_caller]
    pub(crate) fn invalid_fields(&self) -> Vec<String> {
        let problem = self.problem(422, ProblemCode::ValidationFailed);
        problem.fields.into_iter().map(|problem| problem.field).collect()
    }
}
