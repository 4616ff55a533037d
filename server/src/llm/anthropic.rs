//! Anthropic's messages.

use reqwest::RequestBuilder;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::failure::Failure;
use super::openai::sensitive;
use super::provider::{Step, Unreadable};
use super::{Composed, LlmErrorKind, Role};
use crate::secret::Secret;

/// The version of the API that this module was written for.
const VERSION: &str = "2023-06-01";
/// Longest answer, in tokens; the protocol wants a number.
const MAX_TOKENS: u32 = 4096;

/// Where to ask. The base URL may end in `/v1` or not.
pub fn endpoint(base: &Url) -> Url {
    let mut url = base.clone();
    let path = base.path().trim_end_matches('/');
    url.set_path(&format!("{}/v1/messages", path.strip_suffix("/v1").unwrap_or(path)));
    url
}

pub fn authorise(request: RequestBuilder, key: &Secret) -> RequestBuilder {
    request.header("x-api-key", sensitive(key.expose()))
}

/// What every request carries beside the key.
pub fn with_version(request: RequestBuilder) -> RequestBuilder {
    request.header("anthropic-version", VERSION)
}

/// The request's body. `temperature` is `None` if the model is known not to take settings.
pub fn body(model: &str, prompt: &Composed, temperature: Option<f64>) -> Value {
    let turns = prompt.messages.iter().map(|message| {
        let role = match message.role {
            Role::Visitor => "user",
            Role::Agent => "assistant",
        };
        json!({"role": role, "content": message.text})
    });
    let mut body = json!({
        "model": model,
        "stream": true,
        "max_tokens": MAX_TOKENS,
        "system": prompt.system,
        "messages": turns.collect::<Vec<_>>(),
    });
    if let Some(temperature) = temperature {
        body["temperature"] = json!(temperature);
    }
    body
}

/// Reads one event of the stream. Kinds of events that are not known are passed over, as the
/// protocol's description asks.
pub fn read(data: &str) -> Result<Step, Unreadable> {
    let value: Value = serde_json::from_str(data).map_err(|_| Unreadable::Malformed)?;
    match value.get("type").and_then(Value::as_str) {
        Some("content_block_delta") => {
            let event: BlockDelta =
                serde_json::from_value(value).map_err(|_| Unreadable::Malformed)?;
            Ok(Step { text: event.delta.text.unwrap_or_default(), ..Step::default() })
        }
        Some("message_delta") => {
            match value.pointer("/delta/stop_reason").and_then(Value::as_str) {
                Some("refusal") => Err(Unreadable::Kind(LlmErrorKind::Refused)),
                _ => Ok(Step::default()),
            }
        }
        Some("message_stop") => Ok(Step { finished: true, ..Step::default() }),
        Some("error") => Err(Unreadable::Failed(Failure::from_json(&value))),
        Some(_) => Ok(Step::default()),
        None => Err(Unreadable::Malformed),
    }
}

#[derive(Deserialize)]
struct BlockDelta {
    delta: TextDelta,
}

/// Only text deltas have a `text`; thoughts and signatures have other fields.
#[derive(Deserialize)]
struct TextDelta {
    text: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_url_may_end_in_the_version() {
        for (base, expected) in [
            ("https://api.anthropic.com", "https://api.anthropic.com/v1/messages"),
            ("https://api.anthropic.com/v1/", "https://api.anthropic.com/v1/messages"),
            ("http://localhost:9/proxy", "http://localhost:9/proxy/v1/messages"),
        ] {
            assert_eq!(endpoint(&base.parse().unwrap()).as_str(), expected);
        }
    }

    #[test]
    fn events_are_read() {
        let text =
            r#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}"#;
        assert_eq!(read(text), Ok(Step { text: "Hi".to_owned(), ..Step::default() }));
        let thought = r#"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}"#;
        assert_eq!(read(thought), Ok(Step::default()));
        assert_eq!(read(r#"{"type":"ping"}"#), Ok(Step::default()));
        assert!(read(r#"{"type":"message_stop"}"#).unwrap().finished);
        assert_eq!(read("{}"), Err(Unreadable::Malformed));
        let overloaded =
            r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#;
        let Err(Unreadable::Failed(failure)) = read(overloaded) else { panic!() };
        assert_eq!(failure.kind(None), LlmErrorKind::Overloaded);
        let refusal = r#"{"type":"message_delta","delta":{"stop_reason":"refusal"}}"#;
        assert_eq!(read(refusal), Err(Unreadable::Kind(LlmErrorKind::Refused)));
    }
}
