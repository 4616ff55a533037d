//! From a visitor's question to the passages that an agent answers from: the steps of
//! [`cavuer_text::retrieval`], and what the store looks up between them.

use std::sync::Arc;

use cavuer_store::{Matches, Searched, Store, StoreError};
use cavuer_text::query::{self, QueryTerm};
use cavuer_text::retrieval::{Found, Meaning, choose, merge, most_ranked, rank};

/// The passages of an agent's articles that fit a question best, best first, at most `limit`;
/// none if nothing in the articles is about it.
///
/// `previous` is the visitor's question before it, which a short one such as "and on Sunday?" is
/// read together with. `meaning` is what both together mean, if a model could tell.
///
/// # Errors
/// If the store cannot be read.
pub async fn retrieve(
    store: &Store,
    searched: impl Into<Searched>,
    question: &str,
    previous: Option<&str>,
    meaning: Option<Meaning>,
    limit: u32,
) -> Result<Vec<Found>, StoreError> {
    let terms = query::query_terms(&query::in_context(question, previous));
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if terms.is_empty() || limit == 0 {
        return Ok(Vec::new());
    }
    let alone = query::query_terms(question);
    let is_longer = alone.len() < terms.len();
    let searched = searched.into();
    let found = search(store, searched.clone(), terms, meaning.as_ref(), limit).await?;
    // A question before this one that nothing answers must not take this one down with it.
    if found.is_empty() && is_longer {
        return search(store, searched, alone, meaning.as_ref(), limit).await;
    }
    Ok(found)
}

async fn search(
    store: &Store,
    searched: Searched,
    terms: Vec<QueryTerm>,
    meaning: Option<&Meaning>,
    limit: usize,
) -> Result<Vec<Found>, StoreError> {
    let Some(Matches { scope, search, postings }) = store.matches(searched, terms.clone()).await?
    else {
        return Ok(Vec::new());
    };
    let most = most_ranked(limit, meaning.is_some());
    let within = Arc::clone(&scope);
    // Away from the threads that serve requests: a common word is in every passage.
    let ranked = tokio::task::spawn_blocking(move || rank(&search, &within, &postings, most)).await;
    let ranked = ranked.map_err(|error| StoreError::broken(error.to_string()))?;
    let near = match meaning {
        Some(meaning) => {
            let places = ranked.iter().map(|ranked| ranked.place).collect();
            Some((meaning, store.nearest(Arc::clone(&scope), meaning.clone(), places).await?))
        }
        None => None,
    };
    let near = near.as_ref().map(|(meaning, nearest)| (*meaning, nearest));
    let chosen = choose(&terms, ranked, near, scope.len(), limit);
    let places = chosen.iter().map(|ranked| ranked.place).collect();
    let passages = store.passages_at(scope, places).await?;
    let ranked_at = |place| chosen.iter().find(|ranked| ranked.place == place).copied();
    let found = passages.into_iter().filter_map(|(place, found)| Some((ranked_at(place)?, found)));
    Ok(merge(found))
}

#[cfg(test)]
mod tests;
