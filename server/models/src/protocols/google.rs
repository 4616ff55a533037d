//! Google's Gemini API.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::call::Call;
use super::embeddings::{EmbeddingsFormat, TextRole, shortened};
use super::failure::Failure;
use super::protocol::{Facts, Protocol};
use super::reading::{self, MAX_CALLS, Step, Tokens, Unreadable};
use super::takes::{Length, THINKING_TOKENS, Takes, without_images};
use crate::error::LlmErrorKind;
use crate::prompt::{Composed, PastMessage, Role, Tool, ToolCall, ToolChoice, ToolRound};

/// Google's Gemini.
pub struct Google;

impl Protocol for Google {
    fn facts(&self) -> Facts {
        Facts {
            usual_url: Some("https://generativelanguage.googleapis.com"),
            ..Facts::of("google", "Google Gemini")
        }
    }

    fn key_header(&self, key: &str) -> (&'static str, String) {
        ("x-goog-api-key", key.to_owned())
    }

    fn ask(&self, base: &Url, model: &str, prompt: &Composed, takes: Takes) -> Call {
        Call { url: endpoint(base, model), body: body(model, prompt, takes) }
    }

    fn reader(&self) -> Box<dyn reading::Reader> {
        Box::new(Reader::default())
    }

    fn list(&self, base: &Url) -> Option<Url> {
        Some(models(base))
    }

    /// Those that answer; each entry says what can be done with it.
    fn names(&self, list: &Value) -> Option<Vec<String>> {
        let answering = list["models"].as_array()?.iter().filter(|entry| {
            let Some(methods) = entry["supportedGenerationMethods"].as_array() else { return true };
            methods.iter().any(|method| method == "generateContent")
        });
        Some(
            answering.filter_map(|entry| Some(short(entry["name"].as_str()?).to_owned())).collect(),
        )
    }

    fn embeddings(&self) -> Option<&dyn EmbeddingsFormat> {
        Some(self)
    }
}

impl EmbeddingsFormat for Google {
    fn usual_model(&self) -> Option<&'static str> {
        Some("gemini-embedding-001")
    }

    fn embed(&self, base: &Url, model: &str, texts: &[String], role: TextRole) -> Call {
        Call { url: embeddings(base, model), body: embedding_body(model, texts, role) }
    }

    fn vectors(&self, answer: &Value) -> Option<Vec<Vec<f32>>> {
        let vectors = Vec::<Values>::deserialize(answer.get("embeddings")?).ok()?;
        Some(vectors.into_iter().map(|vector| vector.values).collect())
    }
}

/// Where to ask for an answer. The base URL may end in the version or not.
fn endpoint(base: &Url, model: &str) -> Url {
    let mut url = models(base);
    let model = short(model);
    if let Ok(mut path) = url.path_segments_mut() {
        path.push(&format!("{model}:streamGenerateContent"));
    }
    url.set_query(Some("alt=sse"));
    url
}

/// Where vectors of texts are made.
fn embeddings(base: &Url, model: &str) -> Url {
    let mut url = models(base);
    let model = short(model);
    if let Ok(mut path) = url.path_segments_mut() {
        path.push(&format!("{model}:batchEmbedContents"));
    }
    url
}

/// Where the models are listed.
fn models(base: &Url) -> Url {
    let mut url = base.clone();
    let path = base.path().trim_end_matches('/');
    let version = if path.ends_with("/v1beta") || path.ends_with("/v1") { "" } else { "/v1beta" };
    url.set_path(&format!("{path}{version}/models"));
    url
}

/// A model's name without the folder that Google keeps it in.
fn short(model: &str) -> &str {
    model.strip_prefix("models/").unwrap_or(model)
}

/// The request's body, with what the model takes.
fn body(model: &str, prompt: &Composed, takes: Takes) -> Value {
    let turns = prompt.messages.iter().map(|message| {
        let role = match message.role {
            Role::Visitor => "user",
            Role::Agent => "model",
        };
        json!({"role": role, "parts": parts(message, takes)})
    });
    let rounds = prompt.rounds.iter().flat_map(round);
    let mut settings = json!({});
    if takes.temperature {
        settings["temperature"] = json!(prompt.temperature);
    }
    if let (Some(longest), true) = (prompt.max_answer_tokens, takes.length != Length::Untold) {
        let thoughts = if thinks(model) { THINKING_TOKENS } else { 0 };
        settings["maxOutputTokens"] = json!(longest.saturating_add(thoughts));
    }
    let mut body = json!({
        "systemInstruction": {"parts": [{"text": prompt.system}]},
        "contents": turns.chain(rounds).collect::<Vec<_>>(),
        "generationConfig": settings,
    });
    if takes.tools && !prompt.tools.is_empty() {
        let tools = prompt.tools.iter().map(tool).collect::<Vec<_>>();
        body["tools"] = json!([{ "functionDeclarations": tools }]);
        if prompt.tool_choice == ToolChoice::Closed {
            body["toolConfig"] = json!({"functionCallingConfig": {"mode": "NONE"}});
        }
    }
    body
}

fn parts(message: &PastMessage, takes: Takes) -> Value {
    if message.images.is_empty() {
        return json!([{"text": message.text}]);
    }
    if !takes.images {
        return json!([{"text": without_images(message)}]);
    }
    let images = message.images.iter().map(|image| {
        let data = BASE64.encode(&image.bytes);
        json!({"inlineData": {"mimeType": image.media_type, "data": data}})
    });
    let text = (!message.text.is_empty()).then(|| json!({"text": message.text}));
    images.chain(text).collect()
}

fn round(round: &ToolRound) -> [Value; 2] {
    let text = (!round.text.is_empty()).then(|| json!({"text": round.text}));
    let calls = round.calls.iter().map(|answered| {
        let ToolCall { name, seal, .. } = &answered.call;
        let call = json!({"name": name, "args": answered.call.repaired()});
        let mut part = json!({ "functionCall": call });
        if let Some(seal) = seal {
            part["thoughtSignature"] = seal.clone();
        }
        part
    });
    let results = round.calls.iter().map(|answered| {
        let outcome = if answered.failed { "error" } else { "output" };
        let response = json!({ outcome: answered.result });
        json!({"functionResponse": {"name": answered.call.name, "response": response}})
    });
    [
        json!({"role": "model", "parts": text.into_iter().chain(calls).collect::<Vec<_>>()}),
        json!({"role": "user", "parts": results.collect::<Vec<_>>()}),
    ]
}

fn tool(tool: &Tool) -> Value {
    let Tool { name, description, parameters } = tool;
    json!({"name": name, "description": description, "parametersJsonSchema": parameters})
}

/// Whether a model counts hidden thoughts as part of its answer's length: those before 2.5 do not
/// think.
fn thinks(model: &str) -> bool {
    !["gemini-1.", "gemini-2.0", "gemma"].iter().any(|earlier| model.contains(earlier))
}

#[derive(Default)]
struct Reader {
    calls: usize,
}

impl reading::Reader for Reader {
    fn read(&mut self, data: &str) -> Result<Step, Unreadable> {
        let value: Value = serde_json::from_str(data).map_err(|_| Unreadable::Malformed)?;
        if value.get("error").is_some() {
            return Err(Unreadable::Failed(Failure::from_json(&value)));
        }
        let event: Event = serde_json::from_value(value).map_err(|_| Unreadable::Malformed)?;
        if event.prompt_feedback.is_some_and(|feedback| feedback.block_reason.is_some()) {
            return Err(Unreadable::Kind(LlmErrorKind::Refused));
        }
        let tokens = event.usage_metadata.map(|usage| Tokens {
            input: usage.prompt_token_count,
            output: usage.candidates_token_count + usage.thoughts_token_count,
        });
        let Some(candidate) = event.candidates.into_iter().next() else {
            return Ok(Step { tokens, ..Step::default() });
        };
        let mut step = Step { tokens, ..Step::default() };
        for part in candidate.content.unwrap_or_default().parts {
            match (part.function_call, part.text) {
                (Some(call), _) => step.calls.push(self.call(call, part.thought_signature)?),
                (None, Some(_)) if part.thought => step.working = true,
                (None, Some(text)) => step.text.push_str(&text),
                (None, None) => {}
            }
        }
        match candidate.finish_reason.as_deref() {
            None => {}
            Some("STOP" | "MAX_TOKENS") => step.finished = true,
            Some("MALFORMED_FUNCTION_CALL") => return Err(Unreadable::Malformed),
            Some(
                "SAFETY" | "RECITATION" | "BLOCKLIST" | "PROHIBITED_CONTENT" | "SPII"
                | "IMAGE_SAFETY" | "LANGUAGE",
            ) => return Err(Unreadable::Kind(LlmErrorKind::Refused)),
            Some(_) => step.finished = true,
        }
        Ok(step)
    }
}

impl Reader {
    /// Calls come whole and without a name of their own, in the order of their results.
    fn call(&mut self, call: FunctionCall, seal: Option<Value>) -> Result<ToolCall, Unreadable> {
        if self.calls == MAX_CALLS {
            return Err(Unreadable::Malformed);
        }
        let id = call.id.unwrap_or_else(|| format!("call_{}", self.calls));
        self.calls += 1;
        let arguments = call.args.map(|args| args.to_string()).unwrap_or_default();
        Ok(ToolCall { id, name: call.name, arguments, seal })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    #[serde(default)]
    candidates: Vec<Candidate>,
    prompt_feedback: Option<PromptFeedback>,
    usage_metadata: Option<UsageMetadata>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PromptFeedback {
    block_reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct UsageMetadata {
    prompt_token_count: u64,
    candidates_token_count: u64,
    thoughts_token_count: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Candidate {
    content: Option<Content>,
    finish_reason: Option<String>,
}

#[derive(Default, Deserialize)]
struct Content {
    #[serde(default)]
    parts: Vec<Part>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part {
    text: Option<String>,
    #[serde(default)]
    thought: bool,
    function_call: Option<FunctionCall>,
    /// Newer models refuse a history in which a call has lost it.
    thought_signature: Option<Value>,
}

#[derive(Deserialize)]
struct FunctionCall {
    id: Option<String>,
    name: String,
    args: Option<Value>,
}

/// What is sent for the vectors of texts.
fn embedding_body(model: &str, inputs: &[String], role: TextRole) -> Value {
    let task = match role {
        TextRole::Question => "RETRIEVAL_QUERY",
        TextRole::Passage => "RETRIEVAL_DOCUMENT",
    };
    let name = format!("models/{}", short(model));
    let requests = inputs.iter().map(|input| {
        let mut request =
            json!({"model": name, "content": {"parts": [{"text": input}]}, "taskType": task});
        if let Some(dimensions) = shortened(model) {
            request["outputDimensionality"] = json!(dimensions);
        }
        request
    });
    json!({"requests": requests.collect::<Vec<_>>()})
}

#[derive(Deserialize)]
struct Values {
    values: Vec<f32>,
}

#[cfg(test)]
mod tests;
