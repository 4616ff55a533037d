//! Asking the index. A question is answered in bulk: all its terms, then all their postings, then
//! all passages that are shown.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use cavuer_text::index::{Postings, Scope, TermId};
use cavuer_text::query::QueryTerm;
use cavuer_text::retrieval::{Beginning, FoundPassage, Lookup, Search, Vocabulary};

use super::scope::Searched;
use crate::sql::{Sql, ToParam, list, params};
use crate::{Store, StoreError};

static TERMS: LazyLock<String> = LazyLock::new(|| {
    let texts = list::places(2);
    format!("SELECT id, text FROM search_term WHERE space_id = ?1 AND text IN ({texts})")
});

// Texts are compared and ordered by their bytes.
const TERMS_BETWEEN: &str = "SELECT id, text FROM search_term
     WHERE space_id = ?1 AND text >= ?2 AND text < ?3 ORDER BY text LIMIT ?4";
const TERMS_FROM: &str = "SELECT id, text FROM search_term
     WHERE space_id = ?1 AND text >= ?2 ORDER BY text LIMIT ?3";

static POSTINGS: LazyLock<String> = LazyLock::new(|| {
    let terms = list::places(1);
    format!(
        "SELECT term_id, block, data FROM search_posting WHERE term_id IN ({terms})
         ORDER BY term_id, block"
    )
});

static PASSAGES: LazyLock<String> = LazyLock::new(|| {
    let ids = list::places(1);
    format!("SELECT id, article_id, position, title, text, page FROM passage WHERE id IN ({ids})")
});

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
        self.database
            .read(move |sql| {
                let Some((space, scope)) = scopes.of(sql, &searched)? else { return Ok(None) };
                if scope.is_empty() {
                    return Ok(None);
                }
                let mut search = Search::new(terms, scope.languages());
                search.learn(&vocabulary(sql, space, &search.lookup())?);
                if let Some(lookup) = search.second_lookup() {
                    search.learn_more(&vocabulary(sql, space, &lookup)?);
                }
                let postings = postings(sql, &search.terms())?;
                Ok(Some(Matches { scope, search, postings }))
            })
            .await
    }

    /// The passages at places of a scope, each with its place and once; those that are just being
    /// deleted are missing.
    pub async fn passages_at(
        &self,
        scope: Arc<Scope>,
        places: Vec<usize>,
    ) -> Result<Vec<(usize, FoundPassage)>, StoreError> {
        self.database
            .read(move |sql| {
                let ids = places.iter().filter_map(|place| scope.passage(*place));
                let mut found = passages(sql, &ids.collect::<Vec<_>>())?;
                let mut at = |place| found.remove(&scope.passage(place)?);
                let each = places.into_iter().filter_map(|place| Some((place, at(place)?)));
                Ok(each.collect())
            })
            .await
    }
}

/// Those of the texts that are terms of a space.
pub(super) fn terms(
    sql: &dyn Sql,
    space: i64,
    texts: &[impl ToParam],
) -> Result<Vec<(String, i64)>, StoreError> {
    list::rows(sql, &TERMS, params![space], texts, |row| Ok((row.get("text")?, row.get("id")?)))
}

fn vocabulary(sql: &dyn Sql, space: i64, lookup: &Lookup) -> Result<Vocabulary, StoreError> {
    let known = terms(sql, space, &lookup.texts)?;
    let mut found: Vocabulary = known.into_iter().map(|(text, id)| (text, TermId(id))).collect();
    for beginning in &lookup.beginnings {
        beginning_with(sql, space, beginning, &mut found)?;
    }
    Ok(found)
}

fn beginning_with(
    sql: &dyn Sql,
    space: i64,
    beginning: &Beginning,
    found: &mut Vocabulary,
) -> Result<(), StoreError> {
    let Beginning { text: from, chars, most } = beginning;
    let most = i64::try_from(*most).unwrap_or(i64::MAX);
    let term = |row: &mut crate::sql::Row| Ok((row.get("text")?, TermId(row.get("id")?)));
    let terms: Vec<(String, TermId)> = match after_all_with(from) {
        Some(end) => sql.rows(TERMS_BETWEEN, params![space, from, end, most], term)?,
        None => sql.rows(TERMS_FROM, params![space, from, most], term)?,
    };
    let fits = |text: &str| text.starts_with(from) && chars.contains(&text.chars().count());
    found.extend(terms.into_iter().filter(|(text, _)| fits(text)));
    Ok(())
}

/// The first text after all that begin like this one; `None` if there is none.
fn after_all_with(beginning: &str) -> Option<String> {
    let mut end = beginning.to_owned();
    let last = end.pop()?;
    // Not every number between stands for a character.
    end.push((last..=char::MAX).nth(1)?);
    Some(end)
}

fn postings(sql: &dyn Sql, terms: &[TermId]) -> Result<Postings, StoreError> {
    let terms: Vec<i64> = terms.iter().map(|term| term.0).collect();
    let mut postings = Postings::default();
    list::rows(sql, &POSTINGS, &[], &terms, |row| {
        postings.add(TermId(row.get("term_id")?), row.get("block")?, row.get("data")?);
        Ok(())
    })?;
    Ok(postings)
}

fn passages(sql: &dyn Sql, ids: &[i64]) -> Result<HashMap<i64, FoundPassage>, StoreError> {
    let found = list::rows(sql, &PASSAGES, &[], ids, |row| {
        let passage = FoundPassage {
            article_id: row.get("article_id")?,
            position: row.get("position")?,
            title: row.get("title")?,
            text: row.get("text")?,
            page: row.get("page")?,
        };
        Ok((row.get("id")?, passage))
    })?;
    Ok(found.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_texts_that_begin_alike_lie_before_an_end() {
        assert_eq!(after_all_with("tea").as_deref(), Some("teb"));
        assert_eq!(after_all_with("чая").as_deref(), Some("ча\u{450}"));
        // The numbers from here on to U+E000 are none of characters.
        assert_eq!(after_all_with("\u{d7ff}").as_deref(), Some("\u{e000}"));
        assert!("tea\u{10ffff}\u{10ffff}" < "teb" && "\u{d7ff}x" < "\u{e000}");
        assert_eq!(after_all_with("a\u{10ffff}"), None);
        assert_eq!(after_all_with(""), None);
    }
}
