//! Vectors of passages and questions: of a model under an address, or made up for measuring time.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use cavuer_models::examine;
use cavuer_models::outbound::{CONNECT_TIMEOUT, Outbound};
use cavuer_models::protocols::compatible::Compatible;
use cavuer_models::{
    Asked, Embedder, MAX_TEXTS, ProviderClient, ProviderConfig, TextRole, Timeouts,
};
use cavuer_protocol::Secret;
use cavuer_store::EmbeddingModel;
use cavuer_text::retrieval::Meaning;
use cavuer_text::trust::{Mark, Trust};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::collection::Collection;

/// Length of vectors that are made up, as of a middle-sized model.
const DIMENSIONS: usize = 768;
/// How long a model may take for a batch of texts; one that shares the cores may take long.
const PATIENCE: Duration = Duration::from_secs(600);
/// Vectors that are stored in one write.
const STORE_AT_ONCE: usize = 1_000;

/// A model that was tried and has made the vectors of a collection's passages.
pub(super) struct Model {
    embedder: Arc<dyn Embedder>,
    pub trust: Trust,
}

impl Model {
    /// Has the model take its exam.
    pub(super) async fn at(url: &str, name: &str, key: &str) -> Result<Self, Box<dyn Error>> {
        let base_url: reqwest::Url = url.parse()?;
        let outbound = Outbound::new([&base_url], CONNECT_TIMEOUT)?;
        let config = ProviderConfig { protocol: &Compatible, base_url, api_key: Secret::new(key) };
        let asked = Asked::console("--embeddings-url");
        let timeouts = Timeouts { first_token: PATIENCE, ..Timeouts::default() };
        let provider = ProviderClient::new(config, asked, "bench".to_owned(), outbound, timeouts);
        let embedder: Arc<dyn Embedder> = Arc::new(Arc::new(provider).model(name));
        let trust = examine(&*embedder).await?;
        Ok(Self { embedder, trust })
    }

    /// Has vectors made of all passages of a collection.
    pub(super) async fn prepare(&self, collection: &Collection) -> Result<(), Box<dyn Error>> {
        let model = collection.choose_meaning().await?;
        let mut after = 0;
        loop {
            let some = collection.store.passages_without_vector(&model, after, MAX_TEXTS).await?;
            let Some(last) = some.last() else { return Ok(()) };
            after = last.id;
            let texts = some.iter().map(|passage| format!("{}\n{}", passage.title, passage.text));
            let vectors = self.embedder.embed(texts.collect(), TextRole::Passage).await?;
            let ids = some.iter().map(|passage| passage.id);
            collection.store.add_vectors(&model, ids.zip(vectors).collect()).await?;
        }
    }

    /// What a question means; `None` in a language that the model does not know.
    pub(super) async fn meaning(
        &self,
        chosen: &EmbeddingModel,
        question: &str,
    ) -> Result<Option<Meaning>, Box<dyn Error>> {
        let Some(mark) = self.trust.in_question(question) else { return Ok(None) };
        let vectors = self.embedder.embed(vec![question.to_owned()], TextRole::Question).await?;
        Ok(vectors.into_iter().next().map(|vector| chosen.question(vector, mark)))
    }
}

/// Gives all passages of a collection vectors in any direction.
pub(super) async fn make_up(collection: &Collection, seed: u64) -> Result<(), Box<dyn Error>> {
    let mut random = StdRng::seed_from_u64(seed);
    let model = collection.choose_meaning().await?;
    let mut after = 0;
    loop {
        let some = collection.store.passages_without_vector(&model, after, STORE_AT_ONCE).await?;
        let Some(last) = some.last() else { return Ok(()) };
        after = last.id;
        let vectors = some.iter().map(|passage| (passage.id, direction(&mut random)));
        collection.store.add_vectors(&model, vectors.collect()).await?;
    }
}

/// A question in any direction.
pub(super) fn made_up(chosen: &EmbeddingModel, seed: u64) -> Meaning {
    let mark = Mark { language: "en".to_owned(), mark: 1.0, right: 0.5, wrong: 0.0 };
    chosen.question(direction(&mut StdRng::seed_from_u64(seed)), &mark)
}

fn direction(random: &mut StdRng) -> Vec<f32> {
    let numbers: Vec<f32> = (0..DIMENSIONS).map(|_| random.random_range(-1.0..1.0)).collect();
    let length = numbers.iter().map(|x| x * x).sum::<f32>().sqrt();
    numbers.into_iter().map(|x| x / length).collect()
}
