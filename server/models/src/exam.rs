//! Finding out what a model of embeddings is worth in each language.

use cavuer_text::trust::{Mark, Trust, exam};

use crate::error::LlmError;
use crate::protocols::TextRole;
use crate::providers::{Embedder, MAX_TEXTS};

/// Has a model take the exam (see [`cavuer_text::trust`]).
///
/// # Errors
/// If the model cannot be asked.
pub async fn examine(embedder: &dyn Embedder) -> Result<Trust, LlmError> {
    let mut marks = Vec::with_capacity(exam().len());
    for (tag, part) in exam() {
        let questions = vectors(embedder, &part.questions, TextRole::Question).await?;
        let answers = vectors(embedder, &part.answers, TextRole::Passage).await?;
        marks.push(Mark::of(tag, &questions, &answers));
    }
    Ok(Trust(marks))
}

async fn vectors(
    embedder: &dyn Embedder,
    texts: &[String],
    role: TextRole,
) -> Result<Vec<Vec<f32>>, LlmError> {
    let mut all = Vec::with_capacity(texts.len());
    for some in texts.chunks(MAX_TEXTS) {
        all.extend(embedder.embed(some.to_vec(), role).await?);
    }
    Ok(all)
}
