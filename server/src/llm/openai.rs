//! OpenAI's chat completions, as OpenAI and many compatible servers speak them.

use reqwest::RequestBuilder;
use reqwest::header::AUTHORIZATION;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::failure::Failure;
use super::provider::{Step, Unreadable};
use super::{Composed, LlmErrorKind, Role};
use crate::secret::Secret;

/// Where to ask. A base URL without a path gets the usual `/v1`.
pub fn endpoint(base: &Url) -> Url {
    let mut url = base.clone();
    let path = match base.path().trim_end_matches('/') {
        "" => "/v1",
        path => path,
    };
    url.set_path(&format!("{path}/chat/completions"));
    url
}

pub fn authorise(request: RequestBuilder, key: &Secret) -> RequestBuilder {
    request.header(AUTHORIZATION, sensitive(&format!("Bearer {}", key.expose())))
}

/// The request's body. `temperature` is `None` if the model is known not to take settings.
pub fn body(model: &str, prompt: &Composed, temperature: Option<f64>) -> Value {
    let system = json!({"role": "system", "content": prompt.system});
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
        "messages": std::iter::once(system).chain(turns).collect::<Vec<_>>(),
    });
    if let Some(temperature) = temperature {
        match settings_of(model) {
            Settings::Temperature => body["temperature"] = json!(temperature),
            // Support answers are short: the visitor gains more from speed than from long thought.
            Settings::Effort => body["reasoning_effort"] = json!("low"),
            Settings::Neither => {}
        }
    }
    body
}

/// Reads one event of the stream.
pub fn read(data: &str) -> Result<Step, Unreadable> {
    if data.trim() == "[DONE]" {
        return Ok(Step { finished: true, ..Step::default() });
    }
    let chunk: Chunk = serde_json::from_str(data).map_err(|_| Unreadable::Malformed)?;
    if let Some(error) = chunk.error.filter(|error| !error.is_null()) {
        return Err(Unreadable::Failed(Failure::from_json(&json!({ "error": error }))));
    }
    let Some(choice) = chunk.choices.into_iter().next() else {
        return Ok(Step::default());
    };
    if choice.finish_reason.as_deref() == Some("content_filter") {
        return Err(Unreadable::Kind(LlmErrorKind::Refused));
    }
    let delta = choice.delta.unwrap_or_default();
    Ok(Step {
        text: delta.content.or(delta.refusal).unwrap_or_default(),
        finished: choice.finish_reason.is_some(),
    })
}

/// A header value that no log of the HTTP client prints. A key that cannot stand in a header
/// becomes an empty one, and the provider then says that it is wrong.
pub fn sensitive(value: &str) -> reqwest::header::HeaderValue {
    let mut value = reqwest::header::HeaderValue::from_str(value)
        .unwrap_or_else(|_| reqwest::header::HeaderValue::from_static(""));
    value.set_sensitive(true);
    value
}

#[derive(Deserialize)]
struct Chunk {
    error: Option<Value>,
    #[serde(default)]
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    delta: Option<Delta>,
    finish_reason: Option<String>,
}

#[derive(Default, Deserialize)]
struct Delta {
    content: Option<String>,
    refusal: Option<String>,
}

/// Which optional setting a model takes.
enum Settings {
    Temperature,
    Effort,
    Neither,
}

/// The reasoning models refuse a temperature; some of GPT-5's kin refuse an effort as well.
fn settings_of(model: &str) -> Settings {
    let name = model.rsplit('/').next().unwrap_or(model).to_ascii_lowercase();
    let mut letters = name.chars();
    let o_series =
        letters.next() == Some('o') && letters.next().is_some_and(|c| c.is_ascii_digit());
    if name.starts_with("gpt-5") {
        let fixed = name.contains("-chat") || name.contains("-pro");
        if fixed { Settings::Neither } else { Settings::Effort }
    } else if o_series {
        Settings::Neither
    } else {
        Settings::Temperature
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn composed() -> Composed {
        Composed { system: "s".to_owned(), messages: Vec::new() }
    }

    #[test]
    fn the_base_url_may_be_with_or_without_path() {
        for (base, expected) in [
            ("https://api.openai.com/v1", "https://api.openai.com/v1/chat/completions"),
            ("https://api.openai.com/v1/", "https://api.openai.com/v1/chat/completions"),
            ("http://localhost:11434", "http://localhost:11434/v1/chat/completions"),
            ("https://x.example/openai/v2", "https://x.example/openai/v2/chat/completions"),
        ] {
            assert_eq!(endpoint(&base.parse().unwrap()).as_str(), expected);
        }
    }

    #[test]
    fn temperature_goes_only_to_models_that_take_it() {
        for model in ["gpt-4.1", "gpt-4o-mini", "llama3.2", "openai/gpt-oss-20b"] {
            assert_eq!(body(model, &composed(), Some(0.5))["temperature"], 0.5, "{model}");
        }
        for model in
            ["gpt-5", "gpt-5-mini", "GPT-5.1", "o1", "o3-mini", "o4-mini", "gpt-5-chat-latest"]
        {
            assert_eq!(body(model, &composed(), Some(0.5)).get("temperature"), None, "{model}");
        }
        assert_eq!(body("gpt-5-mini", &composed(), Some(0.5))["reasoning_effort"], "low");
        assert_eq!(body("gpt-5-pro", &composed(), Some(0.5)).get("reasoning_effort"), None);
        assert_eq!(body("gpt-4.1", &composed(), None).get("temperature"), None);
    }

    #[test]
    fn events_are_read() {
        let text = r#"{"choices":[{"delta":{"content":"Hi"},"finish_reason":null}]}"#;
        assert_eq!(read(text), Ok(Step { text: "Hi".to_owned(), ..Step::default() }));
        let end = r#"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#;
        assert_eq!(read(end), Ok(Step { finished: true, ..Step::default() }));
        assert_eq!(read(r#"{"choices":[],"usage":{"total_tokens":3}}"#), Ok(Step::default()));
        assert!(read("[DONE]").unwrap().finished);
        assert_eq!(read("{oops"), Err(Unreadable::Malformed));
        assert!(matches!(read(r#"{"error":{"message":"x"}}"#), Err(Unreadable::Failed(_))));
        let filtered = r#"{"choices":[{"delta":{},"finish_reason":"content_filter"}]}"#;
        assert_eq!(read(filtered), Err(Unreadable::Kind(LlmErrorKind::Refused)));
    }
}
