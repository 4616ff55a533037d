//! Passages: the parts of articles that retrieval finds.
//!
//! The search index (`passage_fts`) is kept by triggers on `passage`, so it changes in the same
//! transaction and can never disagree with it. A passage belongs to one revision of its article;
//! a search sees the passages of the revision that `article_state` calls live and no others, so
//! that a new revision can be stored bit by bit while the old one still answers.

use cavuer_protocol::{AgentId, ArticleId};
use rusqlite::{Connection, params};

use super::{Store, StoreError, row};

/// How much more a word in the title weighs than one in the text.
const TITLE_WEIGHT: f64 = 4.0;

/// A passage ready to be stored: what a model is shown, and what a search looks through.
#[derive(Clone, Debug)]
pub struct StoredPassage {
    pub title: String,
    pub text: String,
    /// Page of the document on which it begins, from 1; `None` for texts without pages.
    pub page: Option<u32>,
    pub title_terms: String,
    pub text_terms: String,
}

/// A passage that a search found.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundPassage {
    pub article_id: ArticleId,
    pub title: String,
    pub text: String,
    /// Page of the document on which it begins, from 1; `None` for texts without pages.
    pub page: Option<u32>,
    /// BM25 as SQLite has it: below zero, and the lower the better.
    pub rank: f64,
}

impl Store {
    /// The best passages for an FTS5 expression among the articles that an agent may use.
    pub async fn search_passages(
        &self,
        agent: AgentId,
        match_expression: String,
        limit: u32,
    ) -> Result<Vec<FoundPassage>, StoreError> {
        self.pool.read(move |conn| Ok(search(conn, agent, &match_expression, limit)?)).await
    }
}

/// Stores passages of one revision; the first of them is the article's `first`-th, from 0.
pub(super) fn insert(
    conn: &Connection,
    article: ArticleId,
    revision: i64,
    first: i64,
    passages: &[StoredPassage],
) -> rusqlite::Result<()> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO passage
             (article_id, revision, position, page, title, text, title_terms, text_terms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    for (position, passage) in (first..).zip(passages) {
        let StoredPassage { title, text, page, title_terms, text_terms } = passage;
        statement.execute(params![
            article.0,
            revision,
            position,
            page,
            title,
            text,
            title_terms,
            text_terms
        ])?;
    }
    Ok(())
}

fn search(
    conn: &Connection,
    agent: AgentId,
    match_expression: &str,
    limit: u32,
) -> rusqlite::Result<Vec<FoundPassage>> {
    let mut statement = conn.prepare_cached(
        "SELECT passage.article_id, passage.title, passage.text, passage.page,
                bm25(passage_fts, ?4, 1.0) AS score
         FROM passage_fts
         JOIN passage ON passage.id = passage_fts.rowid
         JOIN agent_article ON agent_article.article_id = passage.article_id
         JOIN article_state ON article_state.article_id = passage.article_id
         WHERE passage_fts MATCH ?1 AND agent_article.agent_id = ?2
           AND passage.revision = article_state.live_revision
         ORDER BY score, passage.id LIMIT ?3",
    )?;
    let found =
        statement.query_map(params![match_expression, agent.0, limit, TITLE_WEIGHT], |row| {
            Ok(FoundPassage {
                article_id: row::id(row, 0, ArticleId)?,
                title: row.get(1)?,
                text: row.get(2)?,
                page: row.get(3)?,
                rank: row.get(4)?,
            })
        })?;
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, link, titles};

    #[tokio::test]
    async fn only_linked_articles_are_searched() {
        let fixture = Fixture::new().await;
        let agent = fixture.agent().await;
        let linked = fixture.article("Delivery", "We deliver tea in two days").await;
        fixture.article("Secret plans", "We deliver tea by drone").await;
        assert!(titles(&fixture, agent, "\"tea\"").await.is_empty());
        link(&fixture, agent, vec![linked]).await;
        assert_eq!(titles(&fixture, agent, "\"tea\"").await, ["Delivery"]);
    }

    #[tokio::test]
    async fn a_word_in_the_title_weighs_more() {
        let fixture = Fixture::new().await;
        let agent = fixture.agent().await;
        let in_text = fixture.article("Orders", "The price is on the invoice price").await;
        let in_title = fixture.article("Price", "Four euros for a cup of tea").await;
        link(&fixture, agent, vec![in_text, in_title]).await;
        assert_eq!(titles(&fixture, agent, "\"price\"").await, ["Price", "Orders"]);
    }

    #[tokio::test]
    async fn the_index_follows_a_whole_workspace() {
        let fixture = Fixture::new().await;
        fixture.article("Delivery", "By bicycle").await;
        let gone = "DELETE FROM workspace";
        fixture.store.pool.write(move |conn| Ok(conn.execute(gone, [])?)).await.unwrap();
        assert_eq!(fixture.count("SELECT count(*) FROM passage").await, 0);
        let hits = "SELECT count(*) FROM passage_fts WHERE passage_fts MATCH 'bicycle'";
        assert_eq!(fixture.count(hits).await, 0);
        fixture.check_index().await;
    }
}
