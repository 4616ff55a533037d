//! Recordings made into text as OpenAI does it.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Multipart, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::script::Reply;
use super::{Protocol, Shared, lock};

/// A recording that the provider got.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recording {
    /// The form's field of this name, as it was sent.
    pub model: String,
    /// The file's name and type.
    pub file: String,
    /// What the file's part of the form says that it is.
    pub media_type: String,
    /// The whole file.
    pub bytes: Vec<u8>,
    /// The header of this name.
    pub authorization: String,
}

pub(super) async fn listen(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    mut form: Multipart,
) -> Response {
    let mut recording = Recording::default();
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        recording.authorization = String::from_utf8_lossy(value.as_bytes()).into_owned();
    }
    while let Ok(Some(field)) = form.next_field().await {
        match field.name() {
            Some("model") => recording.model = field.text().await.unwrap_or_default(),
            Some("file") => {
                recording.file = field.file_name().unwrap_or_default().to_owned();
                recording.media_type = field.content_type().unwrap_or_default().to_owned();
                recording.bytes = field.bytes().await.unwrap_or_default().to_vec();
            }
            _ => {}
        }
    }
    if recording.model.is_empty() || recording.bytes.is_empty() {
        return Protocol::OpenAi.failure(400, None, &headers);
    }
    let script = lock(&shared.listening).pop_front();
    shared.recordings.send_modify(|all| all.push(recording));
    let text = match script.map(|script| script.reply) {
        Some(Reply::Status { status, error, .. }) => {
            return Protocol::OpenAi.failure(status, error, &headers);
        }
        Some(Reply::Pieces(pieces)) => pieces.texts.concat(),
        _ => lock(&shared.transcript).clone(),
    };
    let usage = json!({"type": "tokens", "input_tokens": 14, "output_tokens": 6});
    Json(json!({ "text": text, "usage": usage })).into_response()
}
