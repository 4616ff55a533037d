//! OpenAI's models at Microsoft: the same bodies under other addresses and another header.

use reqwest::multipart::Form;
use serde_json::Value;
use url::Url;

use super::call::Call;
use super::embeddings::{EmbeddingsFormat, TextRole};
use super::openai::{self, OpenAi};
use super::protocol::{Facts, Protocol};
use super::reading::Reader;
use super::takes::Takes;
use super::transcription::{Heard, Recording, Transcription};
use crate::prompt::Composed;

/// OpenAI's models at Microsoft: a key header and deployments of their own.
pub struct Azure;

impl Protocol for Azure {
    fn facts(&self) -> Facts {
        Facts {
            example_url: Some("https://your-name.openai.azure.com"),
            // The version of the protocol is part of the addresses.
            url_has_query: true,
            has_deployments: true,
            ..Facts::of("azure", "Azure OpenAI")
        }
    }

    fn key_header(&self, key: &str) -> (&'static str, String) {
        ("api-key", key.to_owned())
    }

    fn takes(&self, model: &str) -> Takes {
        OpenAi.takes(model)
    }

    fn ask(&self, base: &Url, model: &str, prompt: &Composed, takes: Takes) -> Call {
        Call {
            url: below(base, model, &["chat", "completions"]),
            body: openai::body(model, prompt, takes),
        }
    }

    fn reader(&self) -> Box<dyn Reader> {
        OpenAi.reader()
    }

    /// It lists what could be deployed, not what is.
    fn list(&self, _: &Url) -> Option<Url> {
        None
    }

    fn embeddings(&self) -> Option<&dyn EmbeddingsFormat> {
        Some(self)
    }

    fn transcription(&self) -> Option<&dyn Transcription> {
        Some(self)
    }
}

impl EmbeddingsFormat for Azure {
    fn usual_model(&self) -> Option<&'static str> {
        None
    }

    fn embed(&self, base: &Url, model: &str, texts: &[String], _: TextRole) -> Call {
        Call {
            url: below(base, model, &["embeddings"]),
            body: openai::embedding_body(model, texts),
        }
    }

    fn vectors(&self, answer: &Value) -> Option<Vec<Vec<f32>>> {
        OpenAi.vectors(answer)
    }
}

impl Transcription for Azure {
    fn usual_model(&self, _: &str) -> Option<&'static str> {
        None
    }

    fn address(&self, base: &Url, model: &str) -> Url {
        below(base, model, &["audio", "transcriptions"])
    }

    fn form(&self, model: &str, recording: Recording) -> Option<Form> {
        OpenAi.form(model, recording)
    }

    fn heard(&self, answer: &Value) -> Option<Heard> {
        OpenAi.heard(answer)
    }
}

/// The version that is asked for if the address names none: the newest that is not a preview.
const VERSION: &str = "2024-10-21";

/// Where to ask for a call. `model` is the deployment's name. An address that ends in `/openai/v1`
/// is of the newer kind, which takes the name from the body; others get path and version.
fn below(base: &Url, model: &str, call: &[&str]) -> Url {
    let mut url = base.clone();
    let path = base.path().trim_end_matches('/').to_owned();
    if path.ends_with("/v1") {
        url.set_path(&format!("{path}/{}", call.join("/")));
        return url;
    }
    let root = match path.find("/openai") {
        Some(at) => &path[..at],
        None => &path,
    };
    url.set_path(root);
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(["openai", "deployments", model]).extend(call);
    }
    if !base.query_pairs().any(|(name, _)| name == "api-version") {
        url.query_pairs_mut().append_pair("api-version", VERSION);
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deployments_have_addresses_of_their_own() {
        for (base, expected) in [
            (
                "https://x.openai.azure.com",
                "https://x.openai.azure.com/openai/deployments/my%20gpt/chat/completions?api-version=2024-10-21",
            ),
            (
                "https://x.openai.azure.com/openai/deployments/other?api-version=2025-01-01",
                "https://x.openai.azure.com/openai/deployments/my%20gpt/chat/completions?api-version=2025-01-01",
            ),
            (
                "https://x.openai.azure.com/openai/v1/",
                "https://x.openai.azure.com/openai/v1/chat/completions",
            ),
        ] {
            assert_eq!(
                below(&base.parse().unwrap(), "my gpt", &["chat", "completions"]).as_str(),
                expected
            );
            let heard = Azure.address(&base.parse().unwrap(), "my gpt");
            let expected = expected.replace("chat/completions", "audio/transcriptions");
            assert_eq!(heard.as_str(), expected);
        }
        assert_eq!(
            below(&"https://x.openai.azure.com".parse().unwrap(), "ada", &["embeddings"]).path(),
            "/openai/deployments/ada/embeddings"
        );
    }
}
