//! Messages as Anthropic sends them.

use serde_json::{Value, json};

use super::script::{Call, Pieces};

const ID: &str = "msg_scripted";

pub(super) fn head(model: &str, read: u64) -> Vec<String> {
    let message = json!({
        "id": ID,
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [],
        "stop_reason": null,
        "stop_sequence": null,
        "usage": {"input_tokens": read, "output_tokens": 1},
    });
    vec![
        event("message_start", json!({"message": message})),
        event(
            "content_block_start",
            json!({"index": 0, "content_block": {"type": "text", "text": ""}}),
        ),
        event("ping", json!({})),
    ]
}

pub(super) fn piece(text: &str) -> String {
    event("content_block_delta", json!({"index": 0, "delta": {"type": "text_delta", "text": text}}))
}

pub(super) fn tail(reason: Option<&str>, calls: &[Call], written: u64) -> Vec<String> {
    let mut events = vec![event("content_block_stop", json!({"index": 0}))];
    for (number, call) in calls.iter().enumerate() {
        let index = number + 1;
        let block = json!({"type": "tool_use", "id": id(number), "name": call.name, "input": {}});
        events.push(event("content_block_start", json!({"index": index, "content_block": block})));
        for part in call.parts() {
            let delta = json!({"type": "input_json_delta", "partial_json": part});
            events.push(event("content_block_delta", json!({"index": index, "delta": delta})));
        }
        events.push(event("content_block_stop", json!({"index": index})));
    }
    let usual = if calls.is_empty() { "end_turn" } else { "tool_use" };
    let delta = json!({"stop_reason": reason.unwrap_or(usual), "stop_sequence": null});
    let usage = json!({"output_tokens": written});
    events.push(event("message_delta", json!({"delta": delta, "usage": usage})));
    events.push(event("message_stop", json!({})));
    events
}

fn id(number: usize) -> String {
    format!("toolu_{number}")
}

pub(super) fn error_event(kind: &str) -> String {
    event("error", json!({"error": {"type": kind, "message": "Something went wrong."}}))
}

pub(super) fn completion(model: &str, pieces: &Pieces) -> Value {
    let calls = pieces.calls.iter().enumerate().map(|(number, call)| {
        let input: Value = serde_json::from_str(&call.arguments).unwrap_or_default();
        json!({"type": "tool_use", "id": id(number), "name": call.name, "input": input})
    });
    let mut content = vec![json!({"type": "text", "text": pieces.texts.concat()})];
    content.extend(calls);
    let reason = if pieces.calls.is_empty() { "end_turn" } else { "tool_use" };
    let (read, written) = pieces.usage();
    json!({
        "id": ID,
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": content,
        "stop_reason": reason,
        "stop_sequence": null,
        "usage": {"input_tokens": read, "output_tokens": written},
    })
}

pub(super) fn failure(kind: &str, message: &str) -> Value {
    let error = json!({"type": kind, "message": message});
    json!({"type": "error", "error": error, "request_id": "req_scripted"})
}

/// Kind and message that usually come with a status. `key` is the one that was sent.
pub(super) fn usual_failure(status: u16, key: &str) -> (&'static str, String) {
    match status {
        401 => ("authentication_error", format!("invalid x-api-key: {key}")),
        403 => (
            "permission_error",
            "Your API key does not have permission to use the resource.".to_owned(),
        ),
        404 => ("not_found_error", "model: no such model".to_owned()),
        413 => ("request_too_large", "Request exceeds the maximum size".to_owned()),
        429 => ("rate_limit_error", "This request would exceed your rate limit.".to_owned()),
        529 => ("overloaded_error", "Overloaded".to_owned()),
        500..=599 => ("api_error", "Internal server error".to_owned()),
        _ => ("invalid_request_error", "The request was not understood.".to_owned()),
    }
}

fn event(name: &str, mut data: Value) -> String {
    data["type"] = json!(name);
    format!("event: {name}\ndata: {data}\n\n")
}
