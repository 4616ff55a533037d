//! Asking the index. A question is answered in bulk: all its terms, then all their postings, then
//! all passages that are shown.

use std::sync::Arc;

use cavuer_protocol::ArticleId;
use cavuer_text::index::{Postings, Scope, TermId};
use cavuer_text::query::QueryTerm;
use cavuer_text::retrieval::{Beginning, FoundPassage, Lookup, Search, Vocabulary};
use rusqlite::{Connection, params};

use super::scope::Searched;
use crate::{Store, StoreError, row};

/// What the index has of a question.
#[derive(Clone, Debug)]
pub struct Matches {
    /// The passages that are searched; there is at least one.
    pub scope: Arc<Scope>,
    /// The question with the terms of the index that it stands for.
    pub search: Search,
    /// Of those terms.
    pub postings: Postings,
}

impl Store {
    /// Looks a question's terms up, in one state of the index. `None` if there is nothing to
    /// search.
    pub async fn matches(
        &self,
        searched: impl Into<Searched>,
        terms: Vec<QueryTerm>,
    ) -> Result<Option<Matches>, StoreError> {
        let (scopes, searched) = (Arc::clone(&self.scopes), searched.into());
        self.pool
            .read(move |conn| {
                let Some((space, scope)) = scopes.of(conn, &searched)? else { return Ok(None) };
                if scope.is_empty() {
                    return Ok(None);
                }
                let mut search = Search::new(terms, scope.languages());
                search.learn(&vocabulary(conn, space, &search.lookup())?);
                if let Some(lookup) = search.second_lookup() {
                    search.learn_more(&vocabulary(conn, space, &lookup)?);
                }
                let postings = postings(conn, &search.terms())?;
                Ok(Some(Matches { scope, search, postings }))
            })
            .await
    }

    /// The passages at places of a scope, each with its place; those that are just being deleted
    /// are missing.
    pub async fn passages_at(
        &self,
        scope: Arc<Scope>,
        places: Vec<usize>,
    ) -> Result<Vec<(usize, FoundPassage)>, StoreError> {
        self.pool
            .read(move |conn| {
                let mut found = Vec::with_capacity(places.len());
                for place in places {
                    found.extend(passage(conn, &scope, place)?.map(|passage| (place, passage)));
                }
                Ok(found)
            })
            .await
    }
}

fn vocabulary(conn: &Connection, space: i64, lookup: &Lookup) -> rusqlite::Result<Vocabulary> {
    let mut found = Vocabulary::new();
    let sql = "SELECT id FROM search_term WHERE space_id = ?1 AND text = ?2";
    let mut statement = conn.prepare_cached(sql)?;
    for text in &lookup.texts {
        let mut rows = statement.query(params![space, text])?;
        if let Some(row) = rows.next()? {
            found.insert(text.clone(), TermId(row.get(0)?));
        }
    }
    for beginning in &lookup.beginnings {
        beginning_with(conn, space, beginning, &mut found)?;
    }
    Ok(found)
}

fn beginning_with(
    conn: &Connection,
    space: i64,
    beginning: &Beginning,
    found: &mut Vocabulary,
) -> rusqlite::Result<()> {
    let mut statement = conn.prepare_cached(
        "SELECT id, text FROM search_term WHERE space_id = ?1 AND text >= ?2 ORDER BY text LIMIT ?3",
    )?;
    let most = i64::try_from(beginning.most).unwrap_or(i64::MAX);
    let mut rows = statement.query(params![space, beginning.text, most])?;
    while let Some(row) = rows.next()? {
        let text = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        if !text.starts_with(&beginning.text) {
            break;
        }
        if beginning.chars.contains(&text.chars().count()) {
            found.insert(text.to_owned(), TermId(row.get(0)?));
        }
    }
    Ok(())
}

fn postings(conn: &Connection, terms: &[TermId]) -> rusqlite::Result<Postings> {
    let sql = "SELECT block, data FROM search_posting WHERE term_id = ?1 ORDER BY block";
    let mut statement = conn.prepare_cached(sql)?;
    let mut postings = Postings::default();
    for term in terms {
        let mut rows = statement.query([term.0])?;
        while let Some(row) = rows.next()? {
            postings.add(*term, row.get(0)?, row.get(1)?);
        }
    }
    Ok(postings)
}

fn passage(
    conn: &Connection,
    scope: &Scope,
    place: usize,
) -> rusqlite::Result<Option<FoundPassage>> {
    let Some(id) = scope.passage(place) else { return Ok(None) };
    let mut statement = conn.prepare_cached(
        "SELECT article_id, position, title, text, page FROM passage WHERE id = ?1",
    )?;
    let mut rows = statement.query([id])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Some(FoundPassage {
        article_id: row::id(row, 0, ArticleId)?,
        position: row.get(1)?,
        title: row.get(2)?,
        text: row.get(3)?,
        page: row.get(4)?,
    }))
}
