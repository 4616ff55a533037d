//! What providers say when they do not answer, and what it means.

use std::time::Duration;

use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};
use serde_json::Value;

use crate::error::LlmErrorKind;

/// Longest pause that a provider's `Retry-After` is believed.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// A provider's error body, in the parts that mean something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failure {
    /// The provider's own words, as they came; empty if the body has none.
    pub message: String,
    /// What it is by the provider's own name for it, if that is known.
    pub kind: Option<LlmErrorKind>,
    /// The pause that the provider names in the body.
    pub retry_after: Option<Duration>,
}

impl Failure {
    /// Reads an error body. One that is not JSON, such as a proxy's HTML page, says nothing.
    pub fn from_body(body: &[u8]) -> Self {
        serde_json::from_slice(body).map(|body| Self::from_json(&body)).unwrap_or_default()
    }

    /// Reads `{"error": {"message", "type", "code"}}`, which all protocols here use, and the plainer
    /// `{"error": "…"}` and `{"message": "…"}` of some compatible servers.
    pub fn from_json(body: &Value) -> Self {
        // Google's streams can break off into a list with one error.
        let body = body.get(0).unwrap_or(body);
        let error = body.get("error").unwrap_or(body);
        let text = |name: &str| error.get(name).and_then(Value::as_str);
        let message = error.as_str().or_else(|| text("message")).or_else(|| text("detail"));
        Self {
            message: message.unwrap_or_default().to_owned(),
            kind: ["code", "type", "status"].into_iter().filter_map(text).find_map(kind_of_name),
            retry_after: error.get("details").and_then(retry_delay),
        }
    }

    /// What it means. `status` is `None` for an error in the middle of a stream.
    pub fn kind(&self, status: Option<u16>) -> LlmErrorKind {
        self.kind
            .or_else(|| self.kind_of_message())
            .unwrap_or_else(|| status.map_or(LlmErrorKind::Overloaded, |s| self.kind_of_status(s)))
    }

    fn kind_of_message(&self) -> Option<LlmErrorKind> {
        let message = self.message.to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
        if says(&[
            "prompt is too long",
            "maximum context length",
            "context window",
            "context length",
            "context size",
            "exceeds the maximum number of tokens",
            "too many tokens",
        ]) {
            Some(LlmErrorKind::ContextTooLong)
        } else if says(&["api key not valid", "api key expired", "invalid api key"]) {
            Some(LlmErrorKind::Unauthorised)
        } else if says(&["credit balance is too low"]) {
            Some(LlmErrorKind::OutOfCredit)
        } else {
            None
        }
    }

    fn kind_of_status(&self, status: u16) -> LlmErrorKind {
        match status {
            401 => LlmErrorKind::Unauthorised,
            403 => LlmErrorKind::Forbidden,
            402 => LlmErrorKind::OutOfCredit,
            // Without an error of the API's own form it is the address that is wrong.
            404 if !self.message.is_empty() => LlmErrorKind::ModelUnknown,
            408 => LlmErrorKind::TimedOut,
            413 => LlmErrorKind::ContextTooLong,
            429 => LlmErrorKind::RateLimited,
            500 | 502..=504 | 529 => LlmErrorKind::Overloaded,
            other => LlmErrorKind::Rejected(other),
        }
    }
}

/// The pause that the provider asks for, in milliseconds, in seconds, or as a date that is
/// compared with the answer's own date.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    const RETRY_AFTER_MS: HeaderName = HeaderName::from_static("retry-after-ms");
    let text = |name: &HeaderName| headers.get(name)?.to_str().ok().map(str::trim);
    let number = |name, unit: f64| {
        let value: f64 = text(name)?.parse().ok()?;
        Duration::try_from_secs_f64(value * unit).ok()
    };
    let date = |name| {
        let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text(name)?).ok()?;
        Some(date.as_second())
    };
    number(&RETRY_AFTER_MS, 0.001)
        .or_else(|| number(&RETRY_AFTER, 1.0))
        .or_else(|| {
            let seconds = date(&RETRY_AFTER)?.saturating_sub(date(&DATE)?);
            Some(Duration::from_secs(seconds.try_into().unwrap_or_default()))
        })
        .map(|pause| pause.min(MAX_RETRY_AFTER))
}

/// `RetryInfo` among the details of Google's errors, for example `{"retryDelay": "7s"}`.
fn retry_delay(details: &Value) -> Option<Duration> {
    let delay = details.as_array()?.iter().find_map(|detail| detail.get("retryDelay")?.as_str())?;
    let seconds = delay.strip_suffix('s')?.parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok().map(|pause| pause.min(MAX_RETRY_AFTER))
}

/// OpenAI's, Anthropic's and Google's vocabularies; they do not contradict each other.
fn kind_of_name(name: &str) -> Option<LlmErrorKind> {
    Some(match name {
        "authentication_error" | "invalid_api_key" | "UNAUTHENTICATED" => {
            LlmErrorKind::Unauthorised
        }
        "permission_error" | "unsupported_country_region_territory" | "PERMISSION_DENIED" => {
            LlmErrorKind::Forbidden
        }
        "insufficient_quota" | "billing_error" | "billing_hard_limit_reached" => {
            LlmErrorKind::OutOfCredit
        }
        "model_not_found" | "not_found_error" | "DeploymentNotFound" | "NOT_FOUND" => {
            LlmErrorKind::ModelUnknown
        }
        "rate_limit_error" | "rate_limit_exceeded" | "RESOURCE_EXHAUSTED" => {
            LlmErrorKind::RateLimited
        }
        "overloaded_error" | "api_error" | "server_error" | "UNAVAILABLE" | "INTERNAL" => {
            LlmErrorKind::Overloaded
        }
        "timeout_error" | "DEADLINE_EXCEEDED" => LlmErrorKind::TimedOut,
        "context_length_exceeded" | "request_too_large" | "string_above_max_length" => {
            LlmErrorKind::ContextTooLong
        }
        "content_filter" | "content_policy_violation" => LlmErrorKind::Refused,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;
    use serde_json::json;

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn the_pause_is_read_in_each_form() {
        let pause = |pairs| retry_after(&headers(pairs));
        assert_eq!(pause(&[("retry-after", "7")]), Some(Duration::from_secs(7)));
        assert_eq!(
            pause(&[("retry-after", "7"), ("retry-after-ms", "1500")]),
            Some(Duration::from_millis(1500))
        );
        assert_eq!(
            pause(&[
                ("date", "Wed, 21 Oct 2026 07:28:00 GMT"),
                ("retry-after", "Wed, 21 Oct 2026 07:28:30 GMT"),
            ]),
            Some(Duration::from_secs(30))
        );
        assert_eq!(pause(&[("retry-after", "99999999999")]), Some(MAX_RETRY_AFTER));
        for nonsense in ["-1", "soon", "", "NaN", "1e999"] {
            assert_eq!(retry_after(&headers(&[("retry-after", nonsense)])), None, "{nonsense}");
        }
    }

    #[test]
    fn google_s_words_are_understood() {
        let wrong_key = Failure::from_json(
            &json!({"error": {"code": 400, "status": "INVALID_ARGUMENT", "message": "API key not valid. Please pass a valid API key."}}),
        );
        assert_eq!(wrong_key.kind(Some(400)), LlmErrorKind::Unauthorised);
        let details = json!([{"@type": "…/google.rpc.RetryInfo", "retryDelay": "7.5s"}]);
        let limited = json!([{"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "x", "details": details}}]);
        let limited = Failure::from_json(&limited);
        assert_eq!(limited.kind(Some(429)), LlmErrorKind::RateLimited);
        assert_eq!(limited.retry_after, Some(Duration::from_millis(7_500)));
    }

    #[test]
    fn the_provider_s_own_words_come_before_the_status() {
        let out_of_credit = Failure::from_json(
            &json!({"error": {"type": "insufficient_quota", "code": "insufficient_quota"}}),
        );
        assert_eq!(out_of_credit.kind(Some(429)), LlmErrorKind::OutOfCredit);
        let too_long = Failure::from_json(
            &json!({"type": "error", "error": {"type": "invalid_request_error", "message": "prompt is too long: 1 > 0"}}),
        );
        assert_eq!(too_long.kind(Some(400)), LlmErrorKind::ContextTooLong);
        let plain = Failure::from_json(&json!({"error": "model 'x' not found"}));
        assert_eq!(plain.kind(Some(404)), LlmErrorKind::ModelUnknown);
        let page = Failure::from_body(b"<html>404</html>");
        assert_eq!(page.kind(Some(404)), LlmErrorKind::Rejected(404));
        assert_eq!(page.kind(Some(529)), LlmErrorKind::Overloaded);
    }
}
