//! From a visitor's question to the passages that an agent answers from.

use cavuer_protocol::{AgentId, ArticleId};

use super::query;
use crate::store::{Store, StoreError};

/// A passage that may answer a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub article_id: ArticleId,
    /// Title of the article.
    pub title: String,
    /// Page of the document on which the passage begins, from 1; `None` for texts without pages.
    pub page: Option<u32>,
    pub text: String,
    /// The higher the better; only good for comparing what one search found.
    pub score: f64,
}

/// The passages of an agent's articles that fit a question best, best first; none if nothing in
/// the articles is about it.
///
/// `previous` is the visitor's question before it, which a short one such as "and on Sunday?" is
/// read together with.
///
/// # Errors
/// If the store cannot be read.
pub async fn retrieve(
    store: &Store,
    agent: AgentId,
    question: &str,
    previous: Option<&str>,
    limit: u32,
) -> Result<Vec<Found>, StoreError> {
    let wanted = query::in_context(question, previous);
    let Some(expression) = query::match_expression(&wanted).filter(|_| limit > 0) else {
        return Ok(Vec::new());
    };
    let found = store.search_passages(agent, expression, limit).await?;
    Ok(found
        .into_iter()
        .map(|passage| Found {
            article_id: passage.article_id,
            title: passage.title,
            page: passage.page,
            text: passage.text,
            score: -passage.rank,
        })
        .collect())
}
