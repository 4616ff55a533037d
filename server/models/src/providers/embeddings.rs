//! Vectors of texts: what a text means, as a provider's model tells it, in numbers that can be
//! compared.

use cavuer_base::clock;
use futures::future::BoxFuture;
use reqwest::Method;
use serde_json::Value;

use super::provider::ProviderModel;
use crate::error::{LlmError, LlmErrorKind};
use crate::protocols::TextRole;

/// Most texts of one call. Some servers of one's own take no more.
pub const MAX_TEXTS: usize = 32;
/// Longest vector that is taken.
pub const MAX_DIMENSIONS: usize = 4_096;
/// Longest text that is sent, in characters; the models read about as much.
const MAX_CHARS: usize = 4_000;
/// Longest answer that is read, in bytes: the largest vectors of the most texts, a number in 24
/// characters.
const MAX_BODY_BYTES: usize = MAX_TEXTS * MAX_DIMENSIONS * 24 + 64 * 1024;

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
    /// Whether its provider makes vectors at all.
    pub fn can_embed(&self) -> bool {
        self.provider.protocol().embeddings().is_some()
    }

    async fn vectors(&self, texts: &[String], role: TextRole) -> Result<Vec<Vec<f32>>, LlmError> {
        let provider = &self.provider;
        let malformed = |detail: &str| provider.error(LlmErrorKind::Malformed, detail);
        let Some(embeddings) = provider.protocol().embeddings() else {
            return Err(provider.error(LlmErrorKind::Rejected(404), "it makes no vectors of texts"));
        };
        let inputs: Vec<String> = texts.iter().map(|text| input(&self.name, text, role)).collect();
        let call = embeddings.embed(provider.base_url(), &self.name, &inputs, role);
        let request = provider.request_to(Method::POST, call.url);
        let request = request.map_err(|refused| provider.refused(&refused))?.json(&call.body);
        let deadline = clock::instant() + provider.timeouts.first_token;
        let response = provider.send(request, deadline).await?;
        if !response.status().is_success() {
            return Err(provider.failed(response, deadline).await.1);
        }
        let body = provider.body(response, MAX_BODY_BYTES, deadline).await?;
        let answer: Value =
            serde_json::from_slice(&body).map_err(|_| malformed("not a list of vectors"))?;
        let vectors = embeddings.vectors(&answer);
        let vectors = vectors.ok_or_else(|| malformed("JSON without vectors"))?;
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
    fn a_vector_has_length_one_or_is_none() {
        assert_eq!(of_length_one(vec![3.0, 4.0]), Some(vec![0.6, 0.8]));
        for useless in [vec![], vec![0.0, 0.0], vec![f32::NAN], vec![f32::INFINITY]] {
            assert_eq!(of_length_one(useless), None);
        }
    }
}
