//! Vectors of texts: what a text means, as a provider's model tells it, in numbers that can be
//! compared.

use futures::future::BoxFuture;
use reqwest::{Method, RequestBuilder};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::Instant;

use cavuer_protocol::console::ProviderKind;

use super::{LlmError, LlmErrorKind, Provider, ProviderModel, azure, google, openai};
use crate::outbound::OutboundRefused;

/// Most texts of one call. Some servers of one's own take no more.
pub const MAX_TEXTS: usize = 32;
/// Longest vector that is taken.
pub const MAX_DIMENSIONS: usize = 4_096;
/// Longest text that is sent, in characters; the models read about as much.
const MAX_CHARS: usize = 4_000;
/// Longest answer that is read, in bytes: the largest vectors of the most texts, a number in 24
/// characters.
const MAX_BODY_BYTES: usize = MAX_TEXTS * MAX_DIMENSIONS * 24 + 64 * 1024;

/// What a text is: some models want to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextRole {
    Question,
    Passage,
}

/// Something that makes vectors of texts.
pub trait Embedder: Send + Sync {
    /// A vector of each text, in order: all of one length, at most [`MAX_DIMENSIONS`] finite
    /// numbers whose squares add up to one. At most [`MAX_TEXTS`] texts; of a longer text than
    /// the models read, only the beginning counts.
    ///
    /// Dropping the future stops the work. It ends in bounded time.
    fn embed(
        &self,
        texts: Vec<String>,
        role: TextRole,
    ) -> BoxFuture<'static, Result<Vec<Vec<f32>>, LlmError>>;
}

impl Embedder for ProviderModel {
    fn embed(
        &self,
        texts: Vec<String>,
        role: TextRole,
    ) -> BoxFuture<'static, Result<Vec<Vec<f32>>, LlmError>> {
        let model = self.clone();
        Box::pin(async move { model.vectors(&texts, role).await })
    }
}

impl ProviderModel {
    async fn vectors(&self, texts: &[String], role: TextRole) -> Result<Vec<Vec<f32>>, LlmError> {
        let provider = &self.provider;
        let malformed = |detail: &str| provider.error(LlmErrorKind::Malformed, detail);
        if !can_embed(provider.kind()) {
            return Err(provider.error(LlmErrorKind::Rejected(404), "it makes no vectors of texts"));
        }
        let request = provider.embedding_request(&self.name, texts, role);
        let request = request.map_err(|refused| provider.refused(&refused))?;
        let deadline = Instant::now() + provider.timeouts.first_token;
        let response = provider.send(request, deadline).await?;
        if !response.status().is_success() {
            return Err(provider.failed(response, deadline).await.1);
        }
        let body = provider.body(response, MAX_BODY_BYTES, deadline).await?;
        let answer: Answer =
            serde_json::from_slice(&body).map_err(|_| malformed("not a list of vectors"))?;
        let vectors = answer.vectors().ok_or_else(|| malformed("JSON without vectors"))?;
        if vectors.len() != texts.len() {
            return Err(malformed("another number of vectors than of texts"));
        }
        let length = vectors.first().map_or(0, Vec::len);
        if vectors.iter().any(|vector| vector.len() != length) || length > MAX_DIMENSIONS {
            return Err(malformed("vectors of a length that cannot be used"));
        }
        let unit = vectors.into_iter().map(of_length_one).collect::<Option<_>>();
        unit.ok_or_else(|| malformed("a vector without a direction"))
    }
}

/// Whether providers of a kind make vectors at all.
pub fn can_embed(kind: ProviderKind) -> bool {
    kind != ProviderKind::Anthropic
}

impl Provider {
    fn embedding_request(
        &self,
        model: &str,
        texts: &[String],
        role: TextRole,
    ) -> Result<RequestBuilder, OutboundRefused> {
        let base = self.base_url();
        let inputs: Vec<String> = texts.iter().map(|text| input(model, text, role)).collect();
        let (endpoint, body) = match self.kind() {
            ProviderKind::Google => {
                (google::embeddings(base, model), google_body(model, &inputs, role))
            }
            ProviderKind::Azure => (azure::embeddings(base, model), openai_body(model, &inputs)),
            ProviderKind::OpenAi | ProviderKind::Compatible | ProviderKind::Anthropic => {
                (openai::embeddings(base), openai_body(model, &inputs))
            }
        };
        Ok(self.request_to(Method::POST, endpoint)?.json(&body))
    }
}

fn openai_body(model: &str, inputs: &[String]) -> Value {
    let mut body = json!({"model": model, "input": inputs, "encoding_format": "float"});
    if let Some(dimensions) = shortened(model) {
        body["dimensions"] = json!(dimensions);
    }
    body
}

fn google_body(model: &str, inputs: &[String], role: TextRole) -> Value {
    let task = match role {
        TextRole::Question => "RETRIEVAL_QUERY",
        TextRole::Passage => "RETRIEVAL_DOCUMENT",
    };
    let name = format!("models/{}", model.strip_prefix("models/").unwrap_or(model));
    let requests = inputs.iter().map(|input| {
        let mut request =
            json!({"model": name, "content": {"parts": [{"text": input}]}, "taskType": task});
        if let Some(dimensions) = shortened(model) {
            request["outputDimensionality"] = json!(dimensions);
        }
        request
    });
    json!({"requests": requests.collect::<Vec<_>>()})
}

/// Models that were taught to put what matters first, so that the beginning of their vectors does
/// nearly as well as the whole: by the beginning of their names, and how much is asked for.
const SHORTENED: [(&str, usize); 3] = [
    ("text-embedding-3-large", 1_024),
    ("text-embedding-3-small", 1_024),
    ("gemini-embedding", 768),
];

fn shortened(model: &str) -> Option<usize> {
    let model = model.strip_prefix("models/").unwrap_or(model);
    SHORTENED.iter().find(|(name, _)| model.starts_with(name)).map(|(_, dimensions)| *dimensions)
}

/// What models were taught to see before a text, as their makers' descriptions say: a part of the
/// name, what stands before a question, what stands before a passage. Without it they do much
/// worse, and the servers that run them do not add it.
const PREFIXES: [(&str, &str, &str); 9] = [
    ("e5-large-instruct", "Instruct: Find passages that answer the question\nQuery: ", ""),
    ("e5-", "query: ", "passage: "),
    ("nomic-embed-text", "search_query: ", "search_document: "),
    ("embeddinggemma", "task: search result | query: ", "title: none | text: "),
    ("qwen3-embedding", "Instruct: Find passages that answer the question\nQuery:", ""),
    ("mxbai-embed", "Represent this sentence for searching relevant passages: ", ""),
    ("bge-small-en", "Represent this sentence for searching relevant passages: ", ""),
    ("bge-base-en", "Represent this sentence for searching relevant passages: ", ""),
    ("bge-large-en", "Represent this sentence for searching relevant passages: ", ""),
];

fn input(model: &str, text: &str, role: TextRole) -> String {
    let model = model.to_lowercase();
    let known = PREFIXES.iter().find(|(part, ..)| model.contains(part));
    let prefix = known.map_or("", |(_, question, passage)| match role {
        TextRole::Question => question,
        TextRole::Passage => passage,
    });
    prefix.chars().chain(text.chars().take(MAX_CHARS)).collect()
}

/// OpenAI's vectors are under `data`, Google's under `embeddings`.
#[derive(Deserialize)]
struct Answer {
    data: Option<Vec<Entry>>,
    embeddings: Option<Vec<Values>>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(default)]
    index: usize,
    embedding: Vec<f32>,
}

#[derive(Deserialize)]
struct Values {
    values: Vec<f32>,
}

impl Answer {
    fn vectors(self) -> Option<Vec<Vec<f32>>> {
        if let Some(mut entries) = self.data {
            entries.sort_by_key(|entry| entry.index);
            return Some(entries.into_iter().map(|entry| entry.embedding).collect());
        }
        Some(self.embeddings?.into_iter().map(|entry| entry.values).collect())
    }
}

/// The vector with its length made one; `None` if it has none.
fn of_length_one(mut vector: Vec<f32>) -> Option<Vec<f32>> {
    let length = vector.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt() as f32;
    if !length.is_finite() || length <= f32::EPSILON {
        return None;
    }
    vector.iter_mut().for_each(|x| *x /= length);
    Some(vector)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_see_what_they_were_taught() {
        let question = |model| input(model, "When?", TextRole::Question);
        let passage = |model| input(model, "Daily.", TextRole::Passage);
        assert_eq!(question("multilingual-e5-small"), "query: When?");
        assert_eq!(passage("intfloat/multilingual-e5-small"), "passage: Daily.");
        assert_eq!(passage("multilingual-e5-large-instruct"), "Daily.");
        assert_eq!(passage("nomic-embed-text:latest"), "search_document: Daily.");
        assert_eq!(question("text-embedding-3-small"), "When?");
        assert_eq!(input("x", &"ж".repeat(9_000), TextRole::Passage).chars().count(), MAX_CHARS);
    }

    #[test]
    fn only_models_that_can_are_asked_for_shorter_vectors() {
        let texts = ["a".to_owned()];
        assert_eq!(openai_body("text-embedding-3-large", &texts)["dimensions"], 1_024);
        assert!(openai_body("nomic-embed-text", &texts).get("dimensions").is_none());
        let google = google_body("gemini-embedding-001", &texts, TextRole::Question);
        let request = &google["requests"][0];
        assert_eq!(request["model"], "models/gemini-embedding-001");
        assert_eq!(request["taskType"], "RETRIEVAL_QUERY");
        assert_eq!(request["outputDimensionality"], 768);
    }

    #[test]
    fn vectors_come_in_the_order_of_the_texts() {
        let read = |body: Value| serde_json::from_value::<Answer>(body).ok()?.vectors();
        let openai = json!({"data": [
            {"index": 1, "embedding": [2.0]}, {"index": 0, "embedding": [1.0]},
        ]});
        assert_eq!(read(openai), Some(vec![vec![1.0], vec![2.0]]));
        let google = json!({"embeddings": [{"values": [3.0]}, {"values": [4.0]}]});
        assert_eq!(read(google), Some(vec![vec![3.0], vec![4.0]]));
        assert_eq!(read(json!({"hello": 1})), None);
    }

    #[test]
    fn a_vector_has_length_one_or_is_none() {
        assert_eq!(of_length_one(vec![3.0, 4.0]), Some(vec![0.6, 0.8]));
        for useless in [vec![], vec![0.0, 0.0], vec![f32::NAN], vec![f32::INFINITY]] {
            assert_eq!(of_length_one(useless), None);
        }
    }
}
