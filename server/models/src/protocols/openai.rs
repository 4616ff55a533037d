//! OpenAI's chat completions, as OpenAI and many compatible servers speak them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use reqwest::multipart::{Form, Part};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::call::Call;
use super::embeddings::{EmbeddingsFormat, TextRole, shortened};
use super::failure::Failure;
use super::protocol::{Facts, Protocol};
use super::reading::{self, MAX_ARGUMENT_BYTES, MAX_CALLS, Step, Tokens, Unreadable};
use super::takes::{Length, THINKING_TOKENS, Takes, without_images};
use super::transcription::{Heard, Recording, Transcription};
use crate::error::LlmErrorKind;
use crate::prompt::{Composed, PastMessage, Role, Tool, ToolCall, ToolChoice, ToolRound};

/// OpenAI itself, or whatever a server's operator has put in its place.
pub struct OpenAi;

impl Protocol for OpenAi {
    fn facts(&self) -> Facts {
        Facts {
            usual_url: Some("https://api.openai.com/v1"),
            suggested: &[
                ("gpt-4.1-mini", "GPT-4.1 mini"),
                ("gpt-4.1", "GPT-4.1"),
                ("gpt-5-mini", "GPT-5 mini"),
                ("gpt-5", "GPT-5"),
            ],
            ..Facts::of("openai", "OpenAI")
        }
    }

    fn key_header(&self, key: &str) -> (&'static str, String) {
        ("authorization", format!("Bearer {key}"))
    }

    fn takes(&self, model: &str) -> Takes {
        Takes::of_openai(model)
    }

    fn ask(&self, base: &Url, model: &str, prompt: &Composed, takes: Takes) -> Call {
        Call { url: below(base, "chat/completions"), body: body(model, prompt, takes) }
    }

    fn reader(&self) -> Box<dyn reading::Reader> {
        Box::new(Reader::default())
    }

    fn list(&self, base: &Url) -> Option<Url> {
        Some(below(base, "models"))
    }

    fn embeddings(&self) -> Option<&dyn EmbeddingsFormat> {
        Some(self)
    }

    fn transcription(&self) -> Option<&dyn Transcription> {
        Some(self)
    }
}

impl EmbeddingsFormat for OpenAi {
    fn usual_model(&self) -> Option<&'static str> {
        Some("text-embedding-3-small")
    }

    fn embed(&self, base: &Url, model: &str, texts: &[String], _: TextRole) -> Call {
        Call { url: below(base, "embeddings"), body: embedding_body(model, texts) }
    }

    fn vectors(&self, answer: &Value) -> Option<Vec<Vec<f32>>> {
        let mut entries = Vec::<Entry>::deserialize(answer.get("data")?).ok()?;
        entries.sort_by_key(|entry| entry.index);
        Some(entries.into_iter().map(|entry| entry.embedding).collect())
    }
}

impl Transcription for OpenAi {
    fn usual_model(&self, host: &str) -> Option<&'static str> {
        Some(if host == "api.openai.com" { "gpt-4o-mini-transcribe" } else { USUAL_HEARING })
    }

    fn address(&self, base: &Url, _: &str) -> Url {
        below(base, "audio/transcriptions")
    }

    fn form(&self, model: &str, recording: Recording) -> Option<Form> {
        let Recording { name, media_type, bytes } = recording;
        let size = bytes.len() as u64;
        let part = Part::stream_with_length(bytes, size).file_name(name);
        let part = part.mime_str(&media_type).ok()?;
        let form = Form::new().text("model", model.to_owned()).text("response_format", "json");
        Some(form.part("file", part))
    }

    fn heard(&self, answer: &Value) -> Option<Heard> {
        let Transcript { text, usage } = Transcript::deserialize(answer).ok()?;
        let tokens = |name: &str| {
            let counted = usage[name].as_u64().unwrap_or_default();
            u32::try_from(counted).unwrap_or(u32::MAX)
        };
        Some(Heard {
            input_tokens: tokens("input_tokens"),
            output_tokens: tokens("output_tokens"),
            seconds: usage["seconds"].as_f64(),
            text: text.trim().to_owned(),
        })
    }
}

/// What the name of the first model that hears was, which most servers take for their own.
pub const USUAL_HEARING: &str = "whisper-1";

/// A base URL without a path gets the usual `/v1`. One that was copied from a manual with the
/// call's own path at its end loses that.
fn below(base: &Url, call: &str) -> Url {
    let mut url = base.clone();
    let path = base.path().trim_end_matches('/');
    let copied = ["/chat/completions", "/embeddings"];
    let path = copied.iter().find_map(|call| path.strip_suffix(call)).unwrap_or(path);
    let path = match path {
        "" => "/v1",
        path => path,
    };
    url.set_path(&format!("{path}/{call}"));
    url
}

/// The request's body, with what the model takes.
pub fn body(model: &str, prompt: &Composed, takes: Takes) -> Value {
    let system = json!({"role": "system", "content": prompt.system});
    let turns = prompt.messages.iter().map(|message| {
        let role = match message.role {
            Role::Visitor => "user",
            Role::Agent => "assistant",
        };
        json!({"role": role, "content": content(message, takes)})
    });
    let rounds = prompt.rounds.iter().flat_map(round);
    let mut body = json!({
        "model": model,
        "stream": true,
        "messages": std::iter::once(system).chain(turns).chain(rounds).collect::<Vec<_>>(),
    });
    if takes.usage {
        body["stream_options"] = json!({"include_usage": true});
    }
    if takes.temperature {
        body["temperature"] = json!(prompt.temperature);
    }
    if takes.effort {
        // Support answers are short: the visitor gains more from speed than from long thought.
        body["reasoning_effort"] = json!("low");
    }
    if let Some(longest) = prompt.max_answer_tokens {
        match takes.length {
            Length::MaxTokens => body["max_tokens"] = json!(longest),
            Length::MaxCompletionTokens => {
                body["max_completion_tokens"] = json!(longest.saturating_add(THINKING_TOKENS));
            }
            Length::Untold => {}
        }
    }
    if takes.tools && !prompt.tools.is_empty() {
        body["tools"] = prompt.tools.iter().map(tool).collect();
        if prompt.tool_choice == ToolChoice::Closed {
            body["tool_choice"] = json!("none");
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
        let url = format!("data:{};base64,{data}", image.media_type);
        json!({"type": "image_url", "image_url": {"url": url}})
    });
    let text = (!message.text.is_empty()).then(|| json!({"type": "text", "text": message.text}));
    text.into_iter().chain(images).collect()
}

fn round(round: &ToolRound) -> Vec<Value> {
    let calls = round.calls.iter().map(|answered| {
        let arguments = Value::Object(answered.call.repaired()).to_string();
        let function = json!({"name": answered.call.name, "arguments": arguments});
        let mut call = json!({"id": answered.call.id, "type": "function", "function": function});
        if let Some(seal) = &answered.call.seal {
            call["extra_content"] = seal.clone();
        }
        call
    });
    let calls = calls.collect::<Vec<_>>();
    let text = if round.text.is_empty() { Value::Null } else { json!(round.text) };
    let asked = json!({"role": "assistant", "content": text, "tool_calls": calls});
    let results = round.calls.iter().map(|answered| {
        json!({"role": "tool", "tool_call_id": answered.call.id, "content": answered.result})
    });
    std::iter::once(asked).chain(results).collect()
}

fn tool(tool: &Tool) -> Value {
    let Tool { name, description, parameters } = tool;
    let function = json!({"name": name, "description": description, "parameters": parameters});
    json!({"type": "function", "function": function})
}

#[derive(Default)]
struct Reader {
    /// Calls in the making, each with the index that its parts name.
    calls: Vec<(u64, ToolCall)>,
}

impl reading::Reader for Reader {
    fn read(&mut self, data: &str) -> Result<Step, Unreadable> {
        if data.trim() == "[DONE]" {
            let calls = self.take_calls();
            return Ok(Step { calls, finished: true, over: true, ..Step::default() });
        }
        let chunk: Chunk = serde_json::from_str(data).map_err(|_| Unreadable::Malformed)?;
        if let Some(error) = chunk.error.filter(|error| !error.is_null()) {
            return Err(Unreadable::Failed(Failure::from_json(&json!({ "error": error }))));
        }
        let tokens = chunk.usage.map(|usage| Tokens {
            input: usage.prompt_tokens.unwrap_or_default(),
            output: usage.completion_tokens.unwrap_or_default(),
        });
        let Some(choice) = chunk.choices.into_iter().next() else {
            return Ok(Step { tokens, ..Step::default() });
        };
        if choice.finish_reason.as_deref() == Some("content_filter") {
            return Err(Unreadable::Kind(LlmErrorKind::Refused));
        }
        let delta = choice.delta.unwrap_or_default();
        let parts = delta.tool_calls.unwrap_or_default();
        let thoughts = delta.reasoning_content.or(delta.reasoning).is_some();
        let working = thoughts || !parts.is_empty();
        for part in parts {
            self.add(part)?;
        }
        let finished = choice.finish_reason.is_some();
        Ok(Step {
            text: delta.content.or(delta.refusal).unwrap_or_default(),
            calls: if finished { self.take_calls() } else { Vec::new() },
            tokens,
            working,
            finished,
            over: false,
        })
    }
}

impl Reader {
    /// Adds a part of a call. Parts belong together by their index; servers that leave it out, or
    /// give it to several calls, are told by the calls' ids.
    fn add(&mut self, part: CallPart) -> Result<(), Unreadable> {
        let id = part.id.unwrap_or_default();
        let index = part.index.unwrap_or_default();
        let under_way = self.calls.iter().rposition(|(of, _)| *of == index);
        let position = match under_way {
            Some(position) if id.is_empty() || self.calls[position].1.id == id => position,
            _ if self.calls.len() == MAX_CALLS => return Err(Unreadable::Malformed),
            _ => {
                self.calls.push((index, ToolCall { id, ..ToolCall::default() }));
                self.calls.len() - 1
            }
        };
        let call = &mut self.calls[position].1;
        let function = part.function.unwrap_or_default();
        if call.name.is_empty() {
            call.name = function.name.unwrap_or_default();
        }
        match function.arguments {
            None | Some(Value::Null) => {}
            Some(Value::String(text)) => call.arguments.push_str(&text),
            // Some servers send the object itself.
            Some(object) => call.arguments.push_str(&object.to_string()),
        }
        call.seal = call.seal.take().or(part.extra_content);
        if call.arguments.len() > MAX_ARGUMENT_BYTES {
            return Err(Unreadable::Malformed);
        }
        Ok(())
    }

    fn take_calls(&mut self) -> Vec<ToolCall> {
        let calls = std::mem::take(&mut self.calls).into_iter().enumerate();
        calls
            .map(|(number, (_, mut call))| {
                if call.id.is_empty() {
                    call.id = format!("call_{number}");
                }
                call
            })
            .collect()
    }
}

#[derive(Deserialize)]
struct Chunk {
    error: Option<Value>,
    #[serde(default)]
    choices: Vec<Choice>,
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Usage {
    prompt_tokens: Option<u64>,
    completion_tokens: Option<u64>,
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
    tool_calls: Option<Vec<CallPart>>,
    /// Thoughts, by the names that compatible servers give them.
    reasoning_content: Option<String>,
    reasoning: Option<String>,
}

#[derive(Deserialize)]
struct CallPart {
    index: Option<u64>,
    id: Option<String>,
    function: Option<FunctionPart>,
    /// Where Google's compatible server keeps the signature that it wants back.
    extra_content: Option<Value>,
}

#[derive(Default, Deserialize)]
struct FunctionPart {
    name: Option<String>,
    arguments: Option<Value>,
}

/// What is sent for the vectors of texts.
pub fn embedding_body(model: &str, inputs: &[String]) -> Value {
    let mut body = json!({"model": model, "input": inputs, "encoding_format": "float"});
    if let Some(dimensions) = shortened(model) {
        body["dimensions"] = json!(dimensions);
    }
    body
}

#[derive(Deserialize)]
struct Entry {
    #[serde(default)]
    index: usize,
    embedding: Vec<f32>,
}

#[derive(Deserialize)]
struct Transcript {
    text: String,
    /// In the form of the provider: tokens, or a length. Whatever else it is does no harm.
    #[serde(default)]
    usage: Value,
}

#[cfg(test)]
mod tests;
