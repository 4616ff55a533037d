//! Passages: the parts of articles that retrieval finds.
//!
//! The search index changes in the same transaction as the passages (see [`super::search`]). A
//! passage belongs to one revision of its article; a search sees the passages of the revision that
//! `article_state` calls live and no others, so that a new revision can be stored bit by bit while
//! the old one still answers.

use cavuer_protocol::ArticleId;
use rusqlite::{Connection, params};

use super::{Store, StoreError, search};
use cavuer_text::index::PassageTerms;

/// A passage ready to be stored: what a model is shown, and what a search looks through.
#[derive(Clone, Debug)]
pub struct StoredPassage {
    pub title: String,
    pub text: String,
    /// Page of the document on which it begins, from 1; `None` for texts without pages.
    pub page: Option<u32>,
    pub terms: PassageTerms,
}

impl Store {
    /// Takes what is left in the index of deleted passages away. Searches do not see it anyway.
    pub async fn tidy_search(&self) -> Result<(), StoreError> {
        while self.pool.write(|conn| Ok(search::collect_garbage(conn)?)).await? {}
        Ok(())
    }
}

/// Stores passages of one revision; the first of them is the article's `first`-th, from 0.
pub(crate) fn insert(
    conn: &Connection,
    article: ArticleId,
    revision: i64,
    first: i64,
    passages: &[StoredPassage],
) -> rusqlite::Result<()> {
    search::collect_garbage(conn)?;
    let first_id = search::next_passage(conn, passages.len())?;
    let mut statement = conn.prepare_cached(
        "INSERT INTO passage (id, article_id, revision, position, page, title, text)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for ((id, position), passage) in (first_id..).zip(first..).zip(passages) {
        let StoredPassage { title, text, page, .. } = passage;
        statement.execute(params![id, article.0, revision, position, page, title, text])?;
    }
    let terms = passages.iter().map(|passage| &passage.terms);
    search::add(conn, article, revision, first_id, terms)
}

/// Deletes at most `most` of the article's passages that are not of the live revision, and says
/// how many went.
pub(crate) fn delete_unseen(
    conn: &Connection,
    article: ArticleId,
    most: u32,
) -> rusqlite::Result<usize> {
    let mut statement = conn.prepare_cached(
        "DELETE FROM passage WHERE id IN
             (SELECT passage.id FROM passage
              JOIN article_state ON article_state.article_id = passage.article_id
              WHERE passage.article_id = ?1
                AND passage.revision IS NOT article_state.live_revision
              ORDER BY passage.id LIMIT ?2)",
    )?;
    statement.execute(params![article.0, most])
}

#[cfg(test)]
mod tests {
    use crate::fixture::{Fixture, link, titles};

    #[tokio::test]
    async fn only_linked_articles_are_searched() {
        let fixture = Fixture::new().await;
        let agent = fixture.agent().await;
        let linked = fixture.article("Delivery", "We deliver tea in two days").await;
        fixture.article("Secret plans", "We deliver tea by drone").await;
        assert!(titles(&fixture, agent, "tea").await.is_empty());
        link(&fixture, agent, vec![linked]).await;
        assert_eq!(titles(&fixture, agent, "tea").await, ["Delivery"]);
    }

    #[tokio::test]
    async fn the_index_follows_a_whole_workspace() {
        let fixture = Fixture::new().await;
        fixture.article("Delivery", "By bicycle").await;
        let gone = "DELETE FROM workspace";
        fixture.store.pool.write(move |conn| Ok(conn.execute(gone, [])?)).await.unwrap();
        assert_eq!(fixture.count("SELECT count(*) FROM passage").await, 0);
        assert_eq!(fixture.count("SELECT count(*) FROM search_posting").await, 0);
        fixture.check_index().await;
    }
}
