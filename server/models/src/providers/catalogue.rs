//! What a provider offers, and whether it can be reached at all.

use cavuer_base::clock;
use serde_json::Value;

use cavuer_protocol::console::OfferedModel;
use cavuer_protocol::notice::Notice;

use super::provider::ProviderClient;
use crate::error::{LlmError, LlmErrorKind};
use crate::protocols::{Protocol, families};

/// Longest list that is read, in bytes. Services that resell hundreds of models send about one
/// megabyte.
const MAX_LIST_BYTES: usize = 8 * 1024 * 1024;
/// Most models that are offered.
const MAX_MODELS: usize = 1_000;

impl ProviderClient {
    /// The models that it lists and agents can use, by name; `None` if it has no such list.
    ///
    /// # Errors
    /// If it cannot be reached, refuses the key, or answers with something else.
    pub async fn models(&self) -> Result<Option<Vec<OfferedModel>>, LlmError> {
        let Some(request) = self.list_request() else { return Ok(None) };
        let request = request.map_err(|refused| self.refused(&refused))?;
        let deadline = clock::instant() + self.timeouts.first_token;
        let response = self.send(request, deadline).await?;
        if !response.status().is_success() {
            let (_, error) = self.failed(response, deadline).await;
            return match error.kind {
                // The server is there, but it has never heard of lists.
                LlmErrorKind::Rejected(404 | 405 | 501) | LlmErrorKind::ModelUnknown => Ok(None),
                _ => Err(error),
            };
        }
        let body = self.body(response, MAX_LIST_BYTES, deadline).await?;
        let list = serde_json::from_slice::<Value>(&body)
            .map_err(|_| self.error(LlmErrorKind::Malformed, "not a list of models"))?;
        let names = self
            .protocol()
            .names(&list)
            .ok_or_else(|| self.error(LlmErrorKind::Malformed, "JSON, but not a list of models"))?;
        Ok(Some(offered(self.protocol(), names)))
    }
}

fn offered(protocol: &dyn Protocol, mut names: Vec<String>) -> Vec<OfferedModel> {
    names.retain(|name| protocol.can_chat(name));
    names.sort_unstable();
    names.dedup();
    names.truncate(MAX_MODELS);
    let offer = |name: String| {
        let (note, notice) = families::note(&name).map(Notice::told).unwrap_or_default();
        OfferedModel { name, note, notice }
    };
    names.into_iter().map(offer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::compatible::Compatible;
    use crate::protocols::openai::OpenAi;

    #[test]
    fn only_models_that_talk_are_offered() {
        let listed = ["whisper-1", "gpt-5", "gpt-4.1", "gpt-5"].map(str::to_owned).to_vec();
        let names: Vec<_> = offered(&OpenAi, listed).into_iter().map(|model| model.name).collect();
        assert_eq!(names, ["gpt-4.1", "gpt-5"]);
        let own = vec!["my-audio-model".to_owned()];
        assert_eq!(offered(&Compatible, own).len(), 1);
    }
}
