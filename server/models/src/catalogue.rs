//! What a provider offers, and whether it can be reached at all.

use serde::Deserialize;
use serde_json::Value;
use tokio::time::Instant;

use cavuer_protocol::console::{OfferedModel, ProviderKind};

use super::{LlmError, LlmErrorKind, Provider, families};

/// Longest list that is read, in bytes. Services that resell hundreds of models send about one
/// megabyte.
const MAX_LIST_BYTES: usize = 8 * 1024 * 1024;
/// Most models that are offered.
const MAX_MODELS: usize = 1_000;

impl Provider {
    /// The models that it lists and agents can use, by name; `None` if it has no such list.
    ///
    /// # Errors
    /// If it cannot be reached, refuses the key, or answers with something else.
    pub async fn models(&self) -> Result<Option<Vec<OfferedModel>>, LlmError> {
        let Some(request) = self.list_request() else { return Ok(None) };
        let request = request.map_err(|refused| self.refused(&refused))?;
        let deadline = Instant::now() + self.timeouts.first_token;
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
        let list = serde_json::from_slice::<List>(&body)
            .map_err(|_| self.error(LlmErrorKind::Malformed, "not a list of models"))?;
        let names = list
            .names()
            .ok_or_else(|| self.error(LlmErrorKind::Malformed, "JSON, but not a list of models"))?;
        Ok(Some(offered(self.kind(), names)))
    }
}

fn offered(kind: ProviderKind, mut names: Vec<String>) -> Vec<OfferedModel> {
    // Names of one's own servers are anybody's guess.
    names.retain(|name| kind == ProviderKind::Compatible || families::can_chat(name));
    names.sort_unstable();
    names.dedup();
    names.truncate(MAX_MODELS);
    let offer =
        |name: String| OfferedModel { note: families::note(&name).to_owned(), notice: None, name };
    names.into_iter().map(offer).collect()
}

/// OpenAI and Anthropic list their models under `data`, Google under `models`.
#[derive(Deserialize)]
struct List {
    data: Option<Vec<Entry>>,
    models: Option<Vec<Entry>>,
}

#[derive(Deserialize)]
struct Entry {
    id: Option<String>,
    name: Option<String>,
    /// Google's: what can be done with it.
    #[serde(rename = "supportedGenerationMethods")]
    methods: Option<Value>,
}

impl List {
    fn names(self) -> Option<Vec<String>> {
        let entries = self.data.or(self.models)?.into_iter();
        let answering = entries.filter(|entry| {
            let Some(Value::Array(methods)) = &entry.methods else { return true };
            methods.iter().any(|method| method == "generateContent")
        });
        let names = answering.filter_map(|entry| {
            let name = entry.id.or(entry.name)?;
            Some(name.strip_prefix("models/").unwrap_or(&name).to_owned())
        });
        Some(names.collect())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn names(list: Value) -> Option<Vec<String>> {
        serde_json::from_value::<List>(list).unwrap().names()
    }

    #[test]
    fn each_provider_s_list_is_read() {
        let openai = json!({"object": "list", "data": [{"id": "gpt-5", "object": "model"}]});
        assert_eq!(names(openai).unwrap(), ["gpt-5"]);
        let google = json!({"models": [
            {"name": "models/gemini-x", "supportedGenerationMethods": ["generateContent"]},
            {"name": "models/embedding-x", "supportedGenerationMethods": ["embedContent"]},
        ]});
        assert_eq!(names(google).unwrap(), ["gemini-x"]);
        assert_eq!(names(json!({"hello": 1})), None);
    }

    #[test]
    fn only_models_that_talk_are_offered() {
        let listed = ["whisper-1", "gpt-5", "gpt-4.1", "gpt-5"].map(str::to_owned).to_vec();
        let names: Vec<_> =
            offered(ProviderKind::OpenAi, listed).into_iter().map(|model| model.name).collect();
        assert_eq!(names, ["gpt-4.1", "gpt-5"]);
        let own = vec!["my-audio-model".to_owned()];
        assert_eq!(offered(ProviderKind::Compatible, own).len(), 1);
    }
}
