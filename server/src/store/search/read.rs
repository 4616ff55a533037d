//! Asking the index.

use std::sync::Arc;

use cavuer_protocol::ArticleId;
use rusqlite::{Connection, params};

use super::meaning::AllCodes;
use super::posting::{Posting, decode};
use super::scope::{Scope, Searched};
use crate::store::{Store, StoreError, row};

/// A term of the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TermId(i64);

/// A passage that a search found.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundPassage {
    pub id: i64,
    pub article_id: ArticleId,
    /// Its place among the passages of its article, from 0.
    pub position: u32,
    pub title: String,
    pub text: String,
    /// Page of the document on which it begins, from 1; `None` for texts without pages.
    pub page: Option<u32>,
}

/// The index as one search sees it: one state of it, and one agent's passages.
pub struct SearchReader<'a> {
    pub(super) conn: &'a Connection,
    space: i64,
    pub(super) scope: Arc<Scope>,
    pub(super) codes: &'a AllCodes,
}

impl Store {
    /// Runs a search over an agent's passages in one transaction, away from the threads that
    /// serve requests. `None` if there are none.
    pub async fn search<T: Send + 'static>(
        &self,
        searched: impl Into<Searched>,
        work: impl FnOnce(&SearchReader<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<Option<T>, StoreError> {
        let (scopes, codes) = (Arc::clone(&self.scopes), Arc::clone(&self.codes));
        let searched = searched.into();
        self.pool
            .read(move |conn| match scopes.of(conn, &searched)? {
                Some((space, scope)) if !scope.is_empty() => {
                    work(&SearchReader { conn, space, scope, codes: &codes }).map(Some)
                }
                _ => Ok(None),
            })
            .await
    }
}

impl SearchReader<'_> {
    /// The passages that are searched.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// A term by its text.
    pub fn term(&self, text: &str) -> Result<Option<TermId>, StoreError> {
        let sql = "SELECT id FROM search_term WHERE space_id = ?1 AND text = ?2";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(params![self.space, text])?;
        Ok(rows.next()?.map(|row| row.get(0)).transpose()?.map(TermId))
    }

    /// Visits the terms of the workspace that begin with `prefix`, in order, until `visit` says
    /// no.
    pub fn terms_from(
        &self,
        prefix: &str,
        mut visit: impl FnMut(TermId, &str) -> bool,
    ) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id, text FROM search_term WHERE space_id = ?1 AND text >= ?2 ORDER BY text",
        )?;
        let mut rows = statement.query(params![self.space, prefix])?;
        while let Some(row) = rows.next()? {
            let text = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
            if !text.starts_with(prefix) || !visit(TermId(row.get(0)?), text) {
                break;
            }
        }
        Ok(())
    }

    /// Visits each passage of the scope that has a term: its place in the scope and the posting.
    pub fn postings(
        &self,
        term: TermId,
        mut visit: impl FnMut(usize, Posting),
    ) -> Result<(), StoreError> {
        let sql = "SELECT block, data FROM search_posting WHERE term_id = ?1 ORDER BY block";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query([term.0])?;
        let mut place_of = self.scope.places();
        while let Some(row) = rows.next()? {
            let data = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
            for posting in decode(row.get(0)?, data) {
                if let Some(place) = place_of(posting.passage) {
                    visit(place, posting);
                }
            }
        }
        Ok(())
    }

    /// The passage at a place of the scope; `None` if it is just being deleted.
    pub fn passage(&self, place: usize) -> Result<Option<FoundPassage>, StoreError> {
        let Some(id) = self.scope.passage(place) else { return Ok(None) };
        let mut statement = self.conn.prepare_cached(
            "SELECT id, article_id, position, title, text, page FROM passage WHERE id = ?1",
        )?;
        let mut rows = statement.query([id])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        Ok(Some(FoundPassage {
            id: row.get(0)?,
            article_id: row::id(row, 1, ArticleId)?,
            position: row.get(2)?,
            title: row.get(3)?,
            text: row.get(4)?,
            page: row.get(5)?,
        }))
    }
}
