//! Chat completions as OpenAI sends them.

use serde_json::{Value, json};

use super::script::{Call, Pieces};

/// Any moment will do; clients do not read it.
const CREATED: u64 = 1_700_000_000;
const ID: &str = "chatcmpl-scripted";

pub(super) fn head(model: &str) -> Vec<String> {
    vec![chunk(model, json!({"role": "assistant", "content": "", "refusal": null}), None)]
}

pub(super) fn piece(model: &str, text: &str) -> String {
    chunk(model, json!({"content": text}), None)
}

pub(super) fn tail(
    model: &str,
    reason: Option<&str>,
    calls: &[Call],
    usage: Option<(u64, u64)>,
) -> Vec<String> {
    let mut events = Vec::new();
    for (index, call) in calls.iter().enumerate() {
        let function = json!({"name": call.name, "arguments": ""});
        let first =
            json!({"index": index, "id": id(index), "type": "function", "function": function});
        events.push(chunk(model, json!({"tool_calls": [first]}), None));
        for part in call.parts() {
            let part = json!({"index": index, "function": {"arguments": part}});
            events.push(chunk(model, json!({"tool_calls": [part]}), None));
        }
    }
    let usual = if calls.is_empty() { "stop" } else { "tool_calls" };
    events.push(chunk(model, json!({}), Some(reason.unwrap_or(usual))));
    if let Some(usage) = usage {
        let last = json!({"id": ID, "object": "chat.completion.chunk", "choices": [], "usage": cost(usage)});
        events.push(format!("data: {last}\n\n"));
    }
    events.push("data: [DONE]\n\n".to_owned());
    events
}

fn id(index: usize) -> String {
    format!("call_{index}")
}

fn cost((read, written): (u64, u64)) -> Value {
    json!({"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written})
}

pub(super) fn error_event(kind: &str) -> String {
    format!("data: {}\n\n", failure(kind, "The server had an error while processing your request."))
}

pub(super) fn completion(model: &str, pieces: &Pieces) -> Value {
    let calls = pieces.calls.iter().enumerate().map(|(index, call)| {
        let function = json!({"name": call.name, "arguments": call.arguments});
        json!({"id": id(index), "type": "function", "function": function})
    });
    let calls = calls.collect::<Vec<_>>();
    let reason = if calls.is_empty() { "stop" } else { "tool_calls" };
    let text = pieces.texts.concat();
    let mut message = json!({"role": "assistant", "content": text, "refusal": null});
    if !calls.is_empty() {
        message["tool_calls"] = json!(calls);
    }
    json!({
        "id": ID,
        "object": "chat.completion",
        "created": CREATED,
        "model": model,
        "choices": [{"index": 0, "message": message, "logprobs": null, "finish_reason": reason}],
        "usage": cost(pieces.usage()),
    })
}

pub(super) fn failure(kind: &str, message: &str) -> Value {
    json!({"error": {"message": message, "type": kind, "param": null, "code": kind}})
}

/// Kind and message that usually come with a status. `key` is the one that was sent.
pub(super) fn usual_failure(status: u16, key: &str) -> (&'static str, String) {
    match status {
        401 => (
            "invalid_api_key",
            format!("Incorrect API key provided: {key}. You can find your API key at the console."),
        ),
        403 => (
            "unsupported_country_region_territory",
            "Country, region, or territory not supported".to_owned(),
        ),
        404 => (
            "model_not_found",
            "The model does not exist or you do not have access to it.".to_owned(),
        ),
        429 => ("rate_limit_exceeded", "Rate limit reached for requests.".to_owned()),
        500..=599 => {
            ("server_error", "The server had an error while processing your request.".to_owned())
        }
        _ => ("invalid_request_error", "The request was not understood.".to_owned()),
    }
}

fn chunk(model: &str, delta: Value, finish_reason: Option<&str>) -> String {
    let chunk = json!({
        "id": ID,
        "object": "chat.completion.chunk",
        "created": CREATED,
        "model": model,
        "service_tier": "default",
        "system_fingerprint": "fp_scripted",
        "choices": [{"index": 0, "delta": delta, "logprobs": null, "finish_reason": finish_reason}],
    });
    format!("data: {chunk}\n\n")
}
