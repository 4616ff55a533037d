//! Passages: the parts of articles that retrieval finds.
//!
//! The search index changes in the same transaction as the passages (see [`super::search`]). A
//! passage belongs to one revision of its article; a search sees the passages of the revision that
//! `article_state` calls live and no others, so that a new revision can be stored bit by bit while
//! the old one still answers.

use std::sync::LazyLock;

use cavuer_protocol::ArticleId;
use cavuer_text::index::PassageTerms;

use crate::sql::list::Insertion;
use crate::sql::{Sql, ToParam, params};
use crate::{Store, StoreError, search};

static PASSAGES: LazyLock<Insertion<7>> = LazyLock::new(|| {
    Insertion::new("passage (id, article_id, revision, position, page, title, text)", "")
});

/// A passage ready to be stored: what a model is shown, and what a search looks through.
#[derive(Clone, Debug)]
pub struct StoredPassage {
    /// The article's.
    pub title: String,
    /// As it was cut from the article.
    pub text: String,
    /// Page of the document on which it begins, from 1; `None` for texts without pages.
    pub page: Option<u32>,
    /// What it is found by, made of title and text.
    pub terms: PassageTerms,
}

impl Store {
    /// Takes what is left in the index of deleted passages away. Searches do not see it anyway.
    pub async fn tidy_search(&self) -> Result<(), StoreError> {
        while self.database.write(search::collect_garbage).await? {}
        Ok(())
    }
}

/// Stores passages of one revision; the first of them is the article's `first`-th, from 0.
pub(crate) fn insert(
    sql: &dyn Sql,
    article: ArticleId,
    revision: i64,
    first: i64,
    passages: &[StoredPassage],
) -> Result<(), StoreError> {
    search::collect_garbage(sql)?;
    let first_id = search::next_passage(sql, passages.len())?;
    let numbers: Vec<(i64, i64)> = (first_id..).zip(first..).take(passages.len()).collect();
    let rows = numbers.iter().zip(passages).map(|((id, position), passage)| {
        let StoredPassage { title, text, page, .. } = passage;
        [
            id.to_param(),
            article.to_param(),
            revision.to_param(),
            position.to_param(),
            page.to_param(),
            title.to_param(),
            text.to_param(),
        ]
    });
    PASSAGES.run(sql, &rows.collect::<Vec<_>>())?;
    let terms = passages.iter().map(|passage| &passage.terms);
    search::add(sql, article, revision, first_id, terms)
}

/// Deletes at most `most` of the article's passages that are neither of the live revision nor of
/// one after `up_to`, and says how many went.
pub(crate) fn delete_unseen(
    sql: &dyn Sql,
    article: ArticleId,
    up_to: i64,
    most: u32,
) -> Result<usize, StoreError> {
    let deleted = sql.execute(
        "DELETE FROM passage WHERE id IN
             (SELECT passage.id FROM passage
              JOIN article_state ON article_state.article_id = passage.article_id
              WHERE passage.article_id = ?1
                AND passage.revision IS DISTINCT FROM article_state.live_revision
                AND passage.revision <= ?2
              ORDER BY passage.id LIMIT ?3)",
        params![article, up_to, most],
    )?;
    Ok(usize::try_from(deleted).unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::fixture::{Fixture, link, passage, titles};
    use crate::sql::{Lock, Param, Visit};

    /// Counts what is asked.
    struct Counting<'a> {
        sql: &'a dyn Sql,
        statements: Cell<usize>,
    }

    impl Sql for Counting<'_> {
        fn query(
            &self,
            statement: &str,
            params: &[Param<'_>],
            visit: &mut Visit<'_>,
        ) -> Result<(), StoreError> {
            self.statements.update(|count| count + 1);
            self.sql.query(statement, params, visit)
        }

        fn execute(&self, statement: &str, params: &[Param<'_>]) -> Result<u64, StoreError> {
            self.statements.update(|count| count + 1);
            self.sql.execute(statement, params)
        }

        fn lock(&self, lock: Lock) -> Result<(), StoreError> {
            self.statements.update(|count| count + 1);
            self.sql.lock(lock)
        }
    }

    /// Fifty passages of a hundred words, of which one half stands in each of them and the other in
    /// no other.
    fn many() -> Vec<StoredPassage> {
        let common = (0..50).map(|word| format!("common{word}"));
        let common = common.collect::<Vec<_>>().join(" ");
        let text = |passage| {
            let own = (0..50).map(|word| format!("own{passage}x{word}"));
            format!("{common} {}", own.collect::<Vec<_>>().join(" "))
        };
        (0..50).map(|number| passage("Many", &text(number))).collect()
    }

    /// Stores passages as a further revision of an article, and says in how many statements.
    async fn counted_insert(fixture: &Fixture, article: ArticleId, revision: i64) -> usize {
        let counted = fixture.store.database.write(move |sql| {
            let counting = Counting { sql, statements: Cell::new(0) };
            insert(&counting, article, revision, 0, &many())?;
            Ok(counting.statements.get())
        });
        counted.await.unwrap()
    }

    #[tokio::test]
    async fn many_passages_are_stored_in_few_statements() {
        let fixture = Fixture::new().await;
        let article = fixture.article("Many", "Words").await;
        // With new terms. One term at a time this took more than 10,000 statements.
        let new = counted_insert(&fixture, article, 2).await;
        // With terms that are there.
        let known = counted_insert(&fixture, article, 3).await;
        // And with the first ones' postings to be taken away.
        assert_eq!(fixture.store.clear_passages(article, None, 50).await.unwrap(), 50);
        let instead = counted_insert(&fixture, article, 4).await;
        assert!(new < 200 && known < 200 && instead < 400, "{new}, {known}, {instead}");
        fixture.check_index().await;
    }

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
        fixture.run("DELETE FROM workspace").await;
        assert_eq!(fixture.count("SELECT count(*) FROM passage").await, 0);
        assert_eq!(fixture.count("SELECT count(*) FROM search_posting").await, 0);
        fixture.check_index().await;
    }
}
