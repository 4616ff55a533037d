//! Anthropic's messages.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::call::Call;
use super::failure::Failure;
use super::protocol::{Facts, Protocol};
use super::reading::{self, MAX_ARGUMENT_BYTES, MAX_CALLS, Step, Tokens, Unreadable};
use super::takes::{Length, Takes, without_images};
use crate::error::LlmErrorKind;
use crate::prompt::{Composed, PastMessage, Role, Tool, ToolCall, ToolChoice, ToolRound};

/// The version of the API that this module was written for.
const VERSION: &str = "2023-06-01";
/// Longest answer, in tokens; the protocol wants a number.
const MAX_TOKENS: u32 = 4096;

/// Anthropic.
pub struct Anthropic;

impl Protocol for Anthropic {
    fn facts(&self) -> Facts {
        Facts {
            usual_url: Some("https://api.anthropic.com"),
            suggested: &[
                ("claude-haiku-4-5", "Claude Haiku 4.5"),
                ("claude-sonnet-4-5", "Claude Sonnet 4.5"),
                ("claude-opus-4-5", "Claude Opus 4.5"),
            ],
            ..Facts::of("anthropic", "Anthropic")
        }
    }

    fn key_header(&self, key: &str) -> (&'static str, String) {
        ("x-api-key", key.to_owned())
    }

    fn headers(&self) -> &'static [(&'static str, &'static str)] {
        &[("anthropic-version", VERSION)]
    }

    fn ask(&self, base: &Url, model: &str, prompt: &Composed, takes: Takes) -> Call {
        Call { url: endpoint(base), body: body(model, prompt, takes) }
    }

    fn reader(&self) -> Box<dyn reading::Reader> {
        Box::new(Reader::default())
    }

    fn list(&self, base: &Url) -> Option<Url> {
        Some(models(base))
    }
}

/// Where to ask for an answer.
fn endpoint(base: &Url) -> Url {
    below(base, "messages")
}

/// Where the models are listed, as many as there can be on one page.
fn models(base: &Url) -> Url {
    let mut url = below(base, "models");
    url.set_query(Some("limit=1000"));
    url
}

/// The base URL may end in `/v1`, or in the call's own path, or in neither.
fn below(base: &Url, call: &str) -> Url {
    let mut url = base.clone();
    let path = base.path().trim_end_matches('/');
    let path = path.strip_suffix("/messages").unwrap_or(path);
    url.set_path(&format!("{}/v1/{call}", path.strip_suffix("/v1").unwrap_or(path)));
    url
}

/// The request's body, with what the model takes.
fn body(model: &str, prompt: &Composed, takes: Takes) -> Value {
    let turns = prompt.messages.iter().map(|message| {
        let role = match message.role {
            Role::Visitor => "user",
            Role::Agent => "assistant",
        };
        json!({"role": role, "content": content(message, takes)})
    });
    let rounds = prompt.rounds.iter().flat_map(round);
    let longest = match takes.length {
        Length::Untold => None,
        Length::MaxTokens | Length::MaxCompletionTokens => prompt.max_answer_tokens,
    };
    let mut body = json!({
        "model": model,
        "stream": true,
        "max_tokens": longest.unwrap_or(MAX_TOKENS),
        "system": prompt.system,
        "messages": turns.chain(rounds).collect::<Vec<_>>(),
    });
    if takes.temperature {
        body["temperature"] = json!(prompt.temperature);
    }
    if takes.tools && !prompt.tools.is_empty() {
        body["tools"] = prompt.tools.iter().map(tool).collect();
        if prompt.tool_choice == ToolChoice::Closed {
            body["tool_choice"] = json!({"type": "none"});
        }
    }
    body
}

fn content(message: &PastMessage, takes: Takes) -> Value {
    if message.images.is_empty() {
        return json!(message.text);
    }
    if !takes.images {
        return json!(without_images(message));
    }
    let images = message.images.iter().map(|image| {
        let data = BASE64.encode(&image.bytes);
        let source = json!({"type": "base64", "media_type": image.media_type, "data": data});
        json!({"type": "image", "source": source})
    });
    // Images come first: that is how the models were taught to look.
    let text = (!message.text.is_empty()).then(|| json!({"type": "text", "text": message.text}));
    images.chain(text).collect()
}

fn round(round: &ToolRound) -> [Value; 2] {
    let text = (!round.text.is_empty()).then(|| json!({"type": "text", "text": round.text}));
    let uses = round.calls.iter().map(|answered| {
        let ToolCall { id, name, .. } = &answered.call;
        json!({"type": "tool_use", "id": id, "name": name, "input": answered.call.repaired()})
    });
    let results = round.calls.iter().map(|answered| {
        json!({
            "type": "tool_result",
            "tool_use_id": answered.call.id,
            "content": answered.result,
            "is_error": answered.failed,
        })
    });
    [
        json!({"role": "assistant", "content": text.into_iter().chain(uses).collect::<Vec<_>>()}),
        json!({"role": "user", "content": results.collect::<Vec<_>>()}),
    ]
}

fn tool(tool: &Tool) -> Value {
    let Tool { name, description, parameters } = tool;
    json!({"name": name, "description": description, "input_schema": parameters})
}

#[derive(Default)]
struct Reader {
    /// The call in the making; blocks come one after the other.
    call: Option<ToolCall>,
    calls: usize,
    tokens: Tokens,
}

impl reading::Reader for Reader {
    /// Kinds of events that are not known are passed over, as the protocol's description asks.
    fn read(&mut self, data: &str) -> Result<Step, Unreadable> {
        let event: Event = serde_json::from_str(data).map_err(|_| Unreadable::Malformed)?;
        let step = Step::default();
        Ok(match event {
            Event::MessageStart { message } => {
                self.count(message.usage);
                Step { tokens: Some(self.tokens), ..step }
            }
            Event::ContentBlockStart { content_block: Block::ToolUse { id, name } } => {
                self.calls += 1;
                if self.calls > MAX_CALLS {
                    return Err(Unreadable::Malformed);
                }
                self.call = Some(ToolCall { id, name, ..ToolCall::default() });
                Step { working: true, ..step }
            }
            Event::ContentBlockDelta { delta } => match (&mut self.call, delta.partial_json) {
                (Some(call), Some(part)) => {
                    call.arguments.push_str(&part);
                    if call.arguments.len() > MAX_ARGUMENT_BYTES {
                        return Err(Unreadable::Malformed);
                    }
                    Step { working: true, ..step }
                }
                _ => {
                    let working = delta.text.is_none();
                    Step { text: delta.text.unwrap_or_default(), working, ..step }
                }
            },
            Event::ContentBlockStop => {
                Step { calls: self.call.take().into_iter().collect(), ..step }
            }
            Event::MessageDelta { delta, usage } => {
                self.count(usage);
                if delta.stop_reason.as_deref() == Some("refusal") {
                    return Err(Unreadable::Kind(LlmErrorKind::Refused));
                }
                Step { tokens: Some(self.tokens), ..step }
            }
            Event::MessageStop => Step { finished: true, over: true, ..step },
            Event::Error { error } => {
                return Err(Unreadable::Failed(Failure::from_json(&json!({ "error": error }))));
            }
            Event::ContentBlockStart { content_block: Block::Other } | Event::Other => step,
        })
    }
}

impl Reader {
    /// Counts are totals so far. What was read from the provider's cache was read all the same.
    fn count(&mut self, usage: Option<Usage>) {
        let Some(usage) = usage else { return };
        if let Some(input) = usage.input_tokens {
            let cached = [usage.cache_creation_input_tokens, usage.cache_read_input_tokens];
            self.tokens.input = input + cached.into_iter().flatten().sum::<u64>();
        }
        self.tokens.output = usage.output_tokens.unwrap_or(self.tokens.output);
    }
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Event {
    MessageStart {
        message: Message,
    },
    ContentBlockStart {
        content_block: Block,
    },
    ContentBlockDelta {
        delta: Delta,
    },
    ContentBlockStop,
    MessageDelta {
        delta: MessageDelta,
        usage: Option<Usage>,
    },
    MessageStop,
    Error {
        error: Value,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Message {
    usage: Option<Usage>,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Block {
    ToolUse {
        id: String,
        name: String,
    },
    #[serde(other)]
    Other,
}

/// Text deltas have a `text` and those of a call a `partial_json`; thoughts and signatures have
/// other fields.
#[derive(Deserialize)]
struct Delta {
    text: Option<String>,
    partial_json: Option<String>,
}

#[derive(Deserialize)]
struct MessageDelta {
    stop_reason: Option<String>,
}

#[derive(Deserialize)]
struct Usage {
    input_tokens: Option<u64>,
    output_tokens: Option<u64>,
    cache_creation_input_tokens: Option<u64>,
    cache_read_input_tokens: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::reading::Reader as _;
    use super::*;

    fn read(data: &str) -> Result<Step, Unreadable> {
        Reader::default().read(data)
    }

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
        assert_eq!(read(thought), Ok(Step { working: true, ..Step::default() }));
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

    #[test]
    fn calls_and_costs_are_put_together_from_their_parts() {
        let mut reader = Reader::default();
        let mut steps = [
            r#"{"type":"message_start","message":{"usage":{"input_tokens":3,"cache_read_input_tokens":40,"output_tokens":1}}}"#,
            r#"{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"toolu_1","name":"find","input":{}}}"#,
            r#"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"q\":"}}"#,
            r#"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"1}"}}"#,
            r#"{"type":"content_block_stop","index":0}"#,
            r#"{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":9}}"#,
            r#"{"type":"message_stop"}"#,
        ]
        .map(|event| reader.read(event).unwrap());
        let calls: Vec<_> = steps.iter_mut().flat_map(|step| step.calls.drain(..)).collect();
        assert_eq!(calls.len(), 1);
        assert_eq!((calls[0].id.as_str(), calls[0].name.as_str()), ("toolu_1", "find"));
        assert_eq!(calls[0].arguments, "{\"q\":1}");
        let tokens = steps.iter().filter_map(|step| step.tokens).next_back();
        assert_eq!(tokens, Some(Tokens { input: 43, output: 9 }));
        assert!(steps[6].over);
    }

    #[test]
    fn calls_have_their_limits() {
        let start = r#"{"type":"content_block_start","content_block":{"type":"tool_use","id":"a","name":"f"}}"#;
        let mut reader = Reader::default();
        let many = (0..=MAX_CALLS).map(|_| reader.read(start));
        assert_eq!(many.last(), Some(Err(Unreadable::Malformed)));
        let mut reader = Reader::default();
        reader.read(start).unwrap();
        let part = "x".repeat(MAX_ARGUMENT_BYTES + 1);
        let delta = json!({"type": "content_block_delta", "delta": {"partial_json": part}});
        assert_eq!(reader.read(&delta.to_string()), Err(Unreadable::Malformed));
    }
}
