//! Search by meaning, for whoever searches or chooses: between the store, which keeps the vectors
//! of passages, and the models, which make them.
//!
//! It is off until a workspace chooses a model. A worker ([`work`]) then has vectors made of all
//! passages. Whatever goes wrong with the model, searching by words goes on.

mod choosing;
mod status;
mod worker;

use cavuer_base::clock;
use cavuer_protocol::WorkspaceId;

use crate::Engine;
use crate::{providers, retrieval};
use cavuer_models::TextRole;
use cavuer_store::{Searched, StoreError};
use cavuer_text::query;
use cavuer_text::retrieval::{Found, Meaning};

pub use choosing::{choose, try_out};
pub use status::{status, tell};
pub use worker::work;

/// The passages of an agent's articles that fit a question best: [`retrieval::retrieve`], with
/// what the question means if the workspace has a model for that and it answers in time.
///
/// # Errors
/// If the store cannot be read.
pub async fn retrieve(
    engine: &Engine,
    workspace: WorkspaceId,
    searched: impl Into<Searched>,
    question: &str,
    previous: Option<&str>,
    limit: u32,
) -> Result<Vec<Found>, StoreError> {
    let meaning = meaning_of(engine, workspace, &query::in_context(question, previous)).await?;
    retrieval::retrieve(&engine.store, searched, question, previous, meaning, limit).await
}

/// What a question means; `None` if nobody can tell now.
async fn meaning_of(
    engine: &Engine,
    workspace: WorkspaceId,
    question: &str,
) -> Result<Option<Meaning>, StoreError> {
    if query::query_terms(question).is_empty() {
        return Ok(None);
    }
    let Some(chosen) = engine.store.meaning_model(workspace).await? else { return Ok(None) };
    // As long as nobody knows what the model is worth, and in languages that it does not know, it
    // is not asked.
    let mark = chosen.trust.as_ref().and_then(|trust| trust.in_question(question));
    let Some(mark) = mark else { return Ok(None) };
    let embedder = match providers::embedder(engine, workspace, &chosen.model).await? {
        Ok(embedder) => embedder,
        Err(error) => {
            tracing::debug!(%workspace, %error, "searched by words alone");
            return Ok(None);
        }
    };
    let asked = embedder.embed(vec![question.to_owned()], TextRole::Question);
    let vector = match clock::timeout(engine.models.question_time(), asked).await {
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
