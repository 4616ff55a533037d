//! Voice messages made into text, as OpenAI and compatible servers do it.

use bytes::Bytes;
use cavuer_protocol::console::ProviderKind;
use reqwest::multipart::{Form, Part};
use reqwest::{Method, RequestBuilder};
use serde::Deserialize;
use tokio::time::{Instant, timeout_at};

use super::exchange::in_full;
use super::provider::ProviderModel;
use super::{LlmError, LlmErrorKind, Provider, azure, openai};
use crate::outbound::OutboundRefused;

/// Longest transcript that is read, in bytes, with what stands around it.
const MAX_BYTES: usize = 256 * 1024;

/// A voice message.
#[derive(Clone, Debug)]
pub struct Recording {
    /// Providers go by its ending.
    pub name: String,
    pub media_type: String,
    pub bytes: Bytes,
}

/// The model that a provider of this kind makes speech into text with unless another one is
/// named; `None` if it has none, or has it under a name that only its owner knows.
pub fn usual_model(kind: ProviderKind, host: &str) -> Option<&'static str> {
    match kind {
        ProviderKind::OpenAi if host == "api.openai.com" => Some("gpt-4o-mini-transcribe"),
        // What the name of the first such model was, most servers take for their own.
        ProviderKind::OpenAi | ProviderKind::Compatible => Some("whisper-1"),
        ProviderKind::Azure | ProviderKind::Anthropic | ProviderKind::Google => None,
    }
}

impl ProviderModel {
    /// What is said in a recording; empty if that is nothing.
    ///
    /// # Errors
    /// If the provider cannot be reached, refuses, or answers with something else.
    pub async fn transcribe(&self, recording: Recording) -> Result<String, LlmError> {
        let provider = &self.provider;
        let deadline = Instant::now() + provider.timeouts.whole;
        let request = provider.transcription(&self.name, recording);
        let request = request.ok_or_else(|| provider.error(LlmErrorKind::ModelUnknown, ""))?;
        let request = request.map_err(|refused| provider.refused(&refused))?;
        let mut response = provider.send(request, deadline).await?;
        if !response.status().is_success() {
            return Err(provider.failed(response, deadline).await.1);
        }
        let mut body = Vec::new();
        loop {
            match timeout_at(deadline, response.chunk()).await {
                Ok(Ok(Some(chunk))) if body.len() + chunk.len() <= MAX_BYTES => {
                    body.extend_from_slice(&chunk);
                }
                Ok(Ok(Some(_))) => {
                    return Err(provider.error(LlmErrorKind::Malformed, "a text without end"));
                }
                Ok(Ok(None)) => break,
                Ok(Err(error)) => return Err(provider.error(LlmErrorKind::CutOff, &in_full(error))),
                Err(_) => {
                    return Err(provider.error(LlmErrorKind::TimedOut, "the text does not end"));
                }
            }
        }
        let transcript = serde_json::from_slice::<Transcript>(&body)
            .map_err(|_| provider.error(LlmErrorKind::Malformed, "not a transcript"))?;
        Ok(transcript.text.trim().to_owned())
    }
}

impl Provider {
    /// The request for a transcript; `None` if the provider's protocol has no such call.
    fn transcription(
        &self,
        model: &str,
        recording: Recording,
    ) -> Option<Result<RequestBuilder, OutboundRefused>> {
        let address = match self.kind() {
            ProviderKind::OpenAi | ProviderKind::Compatible => {
                openai::transcriptions(self.base_url())
            }
            ProviderKind::Azure => azure::transcriptions(self.base_url(), model),
            ProviderKind::Anthropic | ProviderKind::Google => return None,
        };
        let Recording { name, media_type, bytes } = recording;
        let size = bytes.len() as u64;
        let part = Part::stream_with_length(bytes, size).file_name(name);
        // A media type that is none is left out; the name's ending says the same.
        let part = part.mime_str(&media_type).ok()?;
        let form = Form::new()
            .text("model", model.to_owned())
            .text("response_format", "json")
            .part("file", part);
        Some(self.request_to(Method::POST, address).map(|request| request.multipart(form)))
    }
}

#[derive(Deserialize)]
struct Transcript {
    text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_usual_model() {
        let usual = |kind, host| usual_model(kind, host);
        assert_eq!(usual(ProviderKind::OpenAi, "api.openai.com"), Some("gpt-4o-mini-transcribe"));
        assert_eq!(usual(ProviderKind::OpenAi, "localhost:8000"), Some("whisper-1"));
        assert_eq!(usual(ProviderKind::Compatible, "speech.example"), Some("whisper-1"));
        assert_eq!(usual(ProviderKind::Anthropic, "api.anthropic.com"), None);
    }
}
