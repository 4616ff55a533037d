//! Messages as Anthropic sends them.

use serde_json::{Value, json};

const ID: &str = "msg_scripted";

pub fn head(model: &str) -> Vec<String> {
    let message = json!({
        "id": ID,
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [],
        "stop_reason": null,
        "stop_sequence": null,
        "usage": {"input_tokens": 1, "output_tokens": 1},
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

pub fn piece(text: &str) -> String {
    event("content_block_delta", json!({"index": 0, "delta": {"type": "text_delta", "text": text}}))
}

pub fn tail(reason: Option<&str>) -> Vec<String> {
    let delta = json!({"stop_reason": reason.unwrap_or("end_turn"), "stop_sequence": null});
    vec![
        event("content_block_stop", json!({"index": 0})),
        event("message_delta", json!({"delta": delta, "usage": {"output_tokens": 1}})),
        event("message_stop", json!({})),
    ]
}

pub fn error_event(kind: &str) -> String {
    event("error", json!({"error": {"type": kind, "message": "Something went wrong."}}))
}

pub fn completion(model: &str, text: &str) -> Value {
    json!({
        "id": ID,
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [{"type": "text", "text": text}],
        "stop_reason": "end_turn",
        "stop_sequence": null,
        "usage": {"input_tokens": 1, "output_tokens": 1},
    })
}

pub fn failure(kind: &str, message: &str) -> Value {
    let error = json!({"type": kind, "message": message});
    json!({"type": "error", "error": error, "request_id": "req_scripted"})
}

/// Kind and message that usually come with a status. `key` is the one that was sent.
pub fn usual_failure(status: u16, key: &str) -> (&'static str, String) {
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
