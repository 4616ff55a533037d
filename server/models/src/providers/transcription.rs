//! Voice messages made into text.

use cavuer_base::clock;
use reqwest::Method;
use serde_json::Value;

use super::provider::ProviderModel;
use crate::error::{LlmError, LlmErrorKind};
use crate::protocols::{Heard, Recording};

/// Longest transcript that is read, in bytes, with what stands around it.
const MAX_BYTES: usize = 256 * 1024;

impl ProviderModel {
    /// What is said in a recording.
    ///
    /// # Errors
    /// If the provider cannot be reached, refuses, or answers with something else.
    pub async fn transcribe(&self, recording: Recording) -> Result<Heard, LlmError> {
        let provider = &self.provider;
        let deadline = clock::instant() + provider.timeouts.whole;
        let unknown = || provider.error(LlmErrorKind::ModelUnknown, "");
        let transcription = provider.protocol().transcription().ok_or_else(unknown)?;
        let form = transcription.form(&self.name, recording).ok_or_else(unknown)?;
        let address = transcription.address(provider.base_url(), &self.name);
        let request = provider.request_to(Method::POST, address);
        let request = request.map_err(|refused| provider.refused(&refused))?.multipart(form);
        let response = provider.send(request, deadline).await?;
        if !response.status().is_success() {
            return Err(provider.failed(response, deadline).await.1);
        }
        let body = provider.body(response, MAX_BYTES, deadline).await?;
        let answer = serde_json::from_slice::<Value>(&body).ok();
        let heard = answer.and_then(|answer| transcription.heard(&answer));
        heard.ok_or_else(|| provider.error(LlmErrorKind::Malformed, "not a transcript"))
    }
}

#[cfg(test)]
mod tests {
    use crate::protocols::Protocol;
    use crate::protocols::anthropic::Anthropic;
    use crate::protocols::compatible::Compatible;
    use crate::protocols::openai::OpenAi;

    #[test]
    fn each_kind_has_its_usual_model() {
        let usual = |protocol: &dyn Protocol, host| protocol.transcription()?.usual_model(host);
        assert_eq!(usual(&OpenAi, "api.openai.com"), Some("gpt-4o-mini-transcribe"));
        assert_eq!(usual(&OpenAi, "localhost:8000"), Some("whisper-1"));
        assert_eq!(usual(&Compatible, "speech.example"), Some("whisper-1"));
        assert_eq!(usual(&Anthropic, "api.anthropic.com"), None);
    }
}
