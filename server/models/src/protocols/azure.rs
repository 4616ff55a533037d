//! OpenAI's models at Microsoft: the same bodies under other addresses and another header.

use reqwest::RequestBuilder;
use url::Url;

use super::openai::sensitive;
use cavuer_protocol::Secret;

/// The version that is asked for if the address names none: the newest that is not a preview.
const VERSION: &str = "2024-10-21";

/// Where to ask. `model` is the deployment's name. An address that ends in `/openai/v1` is of the
/// newer kind, which takes the name from the body; others get path and version.
pub fn endpoint(base: &Url, model: &str) -> Url {
    below(base, model, &["chat", "completions"])
}

/// Where speech is made into text by the deployment of this name.
pub fn transcriptions(base: &Url, model: &str) -> Url {
    below(base, model, &["audio", "transcriptions"])
}

/// Where vectors of texts are made.
pub fn embeddings(base: &Url, model: &str) -> Url {
    below(base, model, &["embeddings"])
}

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

pub fn authorise(request: RequestBuilder, key: &Secret) -> RequestBuilder {
    request.header("api-key", sensitive(key.expose()))
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
            assert_eq!(endpoint(&base.parse().unwrap(), "my gpt").as_str(), expected);
            let heard = transcriptions(&base.parse().unwrap(), "my gpt");
            let expected = expected.replace("chat/completions", "audio/transcriptions");
            assert_eq!(heard.as_str(), expected);
        }
        assert_eq!(
            embeddings(&"https://x.openai.azure.com".parse().unwrap(), "ada").path(),
            "/openai/deployments/ada/embeddings"
        );
    }
}
