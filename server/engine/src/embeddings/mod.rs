//! Search by meaning, for whoever searches or chooses: between the store, which keeps the vectors
//! of passages, and the models, which make them.
//!
//! It is off until a workspace chooses a model. A worker ([`work`]) then has vectors made of all
//! passages. Whatever goes wrong with the model, searching by words goes on.

mod choosing;
mod status;
mod worker;

use std::sync::Arc;
use std::time::Duration;

use cavuer_base::clock::{self, SharedClock};
use cavuer_protocol::WorkspaceId;

use crate::basics::Basics;
use crate::live::Live;
use crate::providers::Providers;
use crate::{providers, retrieval};
use cavuer_models::TextRole;
use cavuer_store::{Searched, Store, StoreError};
use cavuer_text::query;
use cavuer_text::retrieval::{Found, Meaning};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

pub use choosing::{choose, try_out};
pub use status::status;
pub(crate) use status::tell;
pub use worker::work;

/// Search by meaning in all workspaces.
pub struct Embeddings {
    store: Store,
    clock: SharedClock,
    stopping: CancellationToken,
    live: Live,
    providers: Arc<Providers>,
    /// How long a visitor waits for the vector of a question.
    question_time: Duration,
    /// Wakes the worker: there may be new passages, or another model.
    changed: Arc<Notify>,
}

impl Embeddings {
    pub(crate) fn new(
        basics: &Basics,
        live: Live,
        providers: Arc<Providers>,
        question_time: Duration,
        changed: Arc<Notify>,
    ) -> Self {
        let Basics { store, clock, stopping, .. } = basics.clone();
        Self { store, clock, stopping, live, providers, question_time, changed }
    }
}

/// The passages of an agent's articles that fit a question best: [`retrieval::retrieve`], with
/// what the question means if the workspace has a model for that and it answers in time.
///
/// # Errors
/// If the store cannot be read.
pub(crate) async fn retrieve(
    embeddings: &Embeddings,
    workspace: WorkspaceId,
    searched: impl Into<Searched>,
    question: &str,
    previous: Option<&str>,
    limit: u32,
) -> Result<Vec<Found>, StoreError> {
    let meaning = meaning_of(embeddings, workspace, &query::in_context(question, previous)).await?;
    retrieval::retrieve(&embeddings.store, searched, question, previous, meaning, limit).await
}

/// What a question means; `None` if nobody can tell now.
async fn meaning_of(
    embeddings: &Embeddings,
    workspace: WorkspaceId,
    question: &str,
) -> Result<Option<Meaning>, StoreError> {
    if query::query_terms(question).is_empty() {
        return Ok(None);
    }
    let Some(chosen) = embeddings.store.embedding_model(workspace).await? else { return Ok(None) };
    // As long as nobody knows what the model is worth, and in languages that it does not know, it
    // is not asked.
    let mark = chosen.trust.as_ref().and_then(|trust| trust.in_question(question));
    let Some(mark) = mark else { return Ok(None) };
    let embedder =
        match providers::embedder(&embeddings.providers, workspace, &chosen.model).await? {
            Ok(embedder) => embedder,
            Err(error) => {
                tracing::debug!(%workspace, %error, "searched by words alone");
                return Ok(None);
            }
        };
    let asked = embedder.embed(vec![question.to_owned()], TextRole::Question);
    let vector = match clock::timeout(embeddings.question_time, asked).await {
        Ok(Ok(vectors)) => vectors.into_iter().next(),
        Ok(Err(error)) => {
            tracing::warn!(%workspace, %error, "searched by words alone");
            None
        }
        Err(_) => {
            tracing::warn!(%workspace, model = chosen.model, "searched by words alone: too slow");
            None
        }
    };
    Ok(vector.map(|vector| chosen.question(vector, mark)))
}
