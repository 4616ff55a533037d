//! Chat completions as OpenAI sends them.

use serde_json::{Value, json};

/// Any moment will do; clients do not read it.
const CREATED: u64 = 1_700_000_000;
const ID: &str = "chatcmpl-scripted";

pub fn head(model: &str) -> Vec<String> {
    vec![chunk(model, json!({"role": "assistant", "content": "", "refusal": null}), None)]
}

pub fn piece(model: &str, text: &str) -> String {
    chunk(model, json!({"content": text}), None)
}

pub fn tail(model: &str, reason: Option<&str>) -> Vec<String> {
    vec![chunk(model, json!({}), Some(reason.unwrap_or("stop"))), "data: [DONE]\n\n".to_owned()]
}

pub fn error_event(kind: &str) -> String {
    format!("data: {}\n\n", failure(kind, "The server had an error while processing your request."))
}

pub fn completion(model: &str, text: &str) -> Value {
    json!({
        "id": ID,
        "object": "chat.completion",
        "created": CREATED,
        "model": model,
        "choices": [{
            "index": 0,
            "message": {"role": "assistant", "content": text, "refusal": null},
            "logprobs": null,
            "finish_reason": "stop",
        }],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    })
}

pub fn failure(kind: &str, message: &str) -> Value {
    json!({"error": {"message": message, "type": kind, "param": null, "code": kind}})
}

/// Kind and message that usually come with a status. `key` is the one that was sent.
pub fn usual_failure(status: u16, key: &str) -> (&'static str, String) {
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
