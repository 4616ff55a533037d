//! Streams as Google's Gemini API sends them.

use serde_json::{Value, json};

use super::script::{Call, Pieces};

pub(super) fn piece(text: &str) -> String {
    event(&json!({"candidates": [{"content": content(&[json!({"text": text})]), "index": 0}]}))
}

pub(super) fn tail(reason: Option<&str>, calls: &[Call], usage: (u64, u64)) -> Vec<String> {
    let mut events = Vec::new();
    if !calls.is_empty() {
        let candidate = json!({"content": content(&call_parts(calls)), "index": 0});
        events.push(event(&json!({ "candidates": [candidate] })));
    }
    let last = json!({
        "content": content(&[json!({"text": ""})]),
        "finishReason": reason.unwrap_or("STOP"),
        "index": 0,
    });
    events.push(event(&json!({"candidates": [last], "usageMetadata": cost(usage)})));
    events
}

pub(super) fn completion(pieces: &Pieces) -> Value {
    let mut parts = vec![json!({"text": pieces.texts.concat()})];
    parts.extend(call_parts(&pieces.calls));
    let candidate = json!({"content": content(&parts), "finishReason": "STOP", "index": 0});
    json!({"candidates": [candidate], "usageMetadata": cost(pieces.usage())})
}

pub(super) fn error_event(kind: &str) -> String {
    event(&failure(500, kind, "Something went wrong."))
}

pub(super) fn failure(status: u16, kind: &str, message: &str) -> Value {
    json!({"error": {"code": status, "message": message, "status": kind}})
}

/// Kind and message that usually come with a status. `key` is the one that was sent.
pub(super) fn usual_failure(status: u16, key: &str) -> (&'static str, String) {
    match status {
        401 => ("UNAUTHENTICATED", format!("Request had invalid credentials: {key}")),
        403 => ("PERMISSION_DENIED", "The caller does not have permission.".to_owned()),
        404 => ("NOT_FOUND", "The model is not found for this version of the API.".to_owned()),
        429 => ("RESOURCE_EXHAUSTED", "Resource has been exhausted.".to_owned()),
        503 | 529 => ("UNAVAILABLE", "The model is overloaded.".to_owned()),
        500..=599 => ("INTERNAL", "An internal error has occurred.".to_owned()),
        _ => ("INVALID_ARGUMENT", "The request was not understood.".to_owned()),
    }
}

/// Google has no broken arguments: what is none of JSON is not sent as a call.
fn call_parts(calls: &[Call]) -> Vec<Value> {
    let part = |call: &Call| {
        let args: Value = serde_json::from_str(&call.arguments).unwrap_or_else(|_| json!({}));
        json!({"functionCall": {"name": call.name, "args": args}, "thoughtSignature": "c2VhbA=="})
    };
    calls.iter().map(part).collect()
}

fn content(parts: &[Value]) -> Value {
    json!({"role": "model", "parts": parts})
}

fn cost((read, written): (u64, u64)) -> Value {
    json!({
        "promptTokenCount": read,
        "candidatesTokenCount": written,
        "totalTokenCount": read + written,
    })
}

fn event(data: &Value) -> String {
    format!("data: {data}\n\n")
}
