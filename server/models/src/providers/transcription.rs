//! Voice messages made into text, as OpenAI and compatible servers do it.

use bytes::Bytes;
use cavuer_protocol::console::ProviderKind;
use reqwest::multipart::{Form, Part};
use reqwest::{Method, RequestBuilder};
use serde::Deserialize;
use serde_json::Value;
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

/// What is said in a recording, and what it took to hear it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heard {
    /// Empty if nothing is said.
    pub text: String,
    /// Tokens as the provider counts; 0 if it does not.
    pub input_tokens: u32,
    pub output_tokens: u32,
    /// How long the recording is, if the provider says so.
    pub seconds: Option<f64>,
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
    /// What is said in a recording.
    ///
    /// # Errors
    /// If the provider cannot be reached, refuses, or answers with something else.
    pub async fn transcribe(&self, recording: Recording) -> Result<Heard, LlmError> {
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
        Ok(transcript.heard())
    }
}

impl Transcript {
    fn heard(self) -> Heard {
        let tokens = |name: &str| {
            let counted = self.usage[name].as_u64().unwrap_or_default();
            u32::try_from(counted).unwrap_or(u32::MAX)
        };
        Heard {
            input_tokens: tokens("input_tokens"),
            output_tokens: tokens("output_tokens"),
            seconds: self.usage["seconds"].as_f64(),
            text: self.text.trim().to_owned(),
        }
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
    /// In the form of the provider: tokens, or a length. Whatever else it is does no harm.
    #[serde(default)]
    usage: Value,
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
