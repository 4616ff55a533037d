//! Keeping the index in step with the passages.

use std::collections::BTreeMap;
use std::ops::Range;

use cavuer_protocol::ArticleId;
use rusqlite::{Connection, OptionalExtension, params};

use crate::row;
use cavuer_text::index::posting::{Writer, block_of, read_numbers, without, write_numbers};
use cavuer_text::index::{INDEX_VERSION, Indexer, Occurrences, PassageTerms};
use cavuer_text::language::LanguageSet;

/// Batches whose postings are taken away in one go.
const GARBAGE_AT_ONCE: usize = 4;

/// Reserves the ids of as many passages, which follow each other, and gives the first.
pub(crate) fn next_passage(conn: &Connection, count: usize) -> rusqlite::Result<i64> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    conn.prepare_cached(
        "UPDATE setting SET value = value + ?1 WHERE name = 'next_passage'
         RETURNING CAST(value AS INTEGER) - ?1",
    )?
    .query_row([count], |row| row.get(0))
}

/// Adds passages of an article's revision to the index; their ids follow each other, and those of
/// all passages that were added before.
pub(crate) fn add<'a>(
    conn: &Connection,
    article: ArticleId,
    revision: i64,
    first: i64,
    passages: impl ExactSizeIterator<Item = &'a PassageTerms>,
) -> rusqlite::Result<()> {
    let count = i64::try_from(passages.len()).unwrap_or(i64::MAX);
    if count == 0 {
        return Ok(());
    }
    let space = space_of(conn, article)?;
    let mut places: BTreeMap<&str, Vec<(i64, Occurrences, u32)>> = BTreeMap::new();
    let mut languages = LanguageSet::default();
    let mut words = 0_i64;
    for (id, passage) in (first..).zip(passages) {
        languages.insert(passage.language);
        words += i64::from(passage.length);
        for (term, occurrences) in &passage.terms {
            places.entry(term).or_default().push((id, *occurrences, passage.length));
        }
    }
    let mut terms = Vec::with_capacity(places.len());
    for (text, postings) in places {
        let term = term_id(conn, space, text)?;
        terms.push(term);
        for chunk in postings.chunk_by(|a, b| block_of(a.0) == block_of(b.0)) {
            append(conn, term, block_of(chunk[0].0), chunk)?;
        }
    }
    terms.sort_unstable();
    conn.prepare_cached(
        "INSERT INTO search_batch
             (first, passages, space_id, article_id, revision, languages, words, terms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        first,
        count,
        space,
        article.0,
        revision,
        languages.bits().cast_signed(),
        words,
        write_numbers(&terms),
    ])?;
    conn.prepare_cached("UPDATE search_space SET version = version + 1 WHERE id = ?1")?
        .execute([space])?;
    Ok(())
}

/// Takes the postings of some deleted passages away, and says whether there may be more. No search shows them in the meantime,
/// because a search begins with the passages that are there.
pub(crate) fn collect_garbage(conn: &Connection) -> rusqlite::Result<bool> {
    let mut statement = conn.prepare_cached(
        "SELECT first, passages, terms FROM search_batch WHERE is_garbage ORDER BY first LIMIT ?1",
    )?;
    let batches = statement
        .query_map([GARBAGE_AT_ONCE as i64], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get::<_, Vec<u8>>(2)?))
        })?
        .collect::<Result<Vec<(i64, i64, Vec<u8>)>, _>>()?;
    let may_be_more = batches.len() == GARBAGE_AT_ONCE;
    for (first, passages, terms) in batches {
        for term in read_numbers(&terms) {
            take_away(conn, term, &(first..first + passages))?;
        }
        conn.prepare_cached("DELETE FROM search_batch WHERE first = ?1")?.execute([first])?;
    }
    Ok(may_be_more)
}

/// Makes the whole index from the passages, if the one that is there was made in another way.
pub(crate) fn make_anew_if_outdated(conn: &mut Connection) -> rusqlite::Result<()> {
    let sql = "SELECT value FROM setting WHERE name = 'search_index'";
    let found: Option<String> = conn.query_row(sql, [], |row| row.get(0)).optional()?;
    let wanted = INDEX_VERSION.to_string();
    if found.as_ref() == Some(&wanted) {
        return Ok(());
    }
    let transaction = conn.transaction()?;
    // With the spaces everything else of the index goes.
    transaction.execute("DELETE FROM search_space", [])?;
    let passages = index_stored(&transaction)?;
    transaction.execute(
        "INSERT INTO setting (name, value) VALUES ('search_index', ?1)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        [&wanted],
    )?;
    transaction.commit()?;
    if passages > 0 {
        tracing::info!(passages, "the search index was made anew");
    }
    Ok(())
}

/// Indexes all passages that are stored, in the order of their ids, and counts them.
fn index_stored(conn: &Connection) -> rusqlite::Result<usize> {
    let mut statement = conn.prepare(
        "SELECT passage.id, passage.article_id, passage.revision
         FROM passage JOIN article_state ON article_state.article_id = passage.article_id
         WHERE passage.revision >= coalesce(article_state.live_revision, 0)
         ORDER BY passage.id",
    )?;
    let all = statement
        .query_map([], |row| Ok((row.get(0)?, row::id(row, 1, ArticleId)?, row.get(2)?)))?
        .collect::<Result<Vec<(i64, ArticleId, i64)>, _>>()?;
    for batch in all.chunk_by(|a, b| (a.0 + 1, a.1, a.2) == (b.0, b.1, b.2)) {
        let (first, article, revision) = batch[0];
        let texts = texts_of(conn, first, batch.len())?;
        let Some((title, sample)) = texts.first() else { continue };
        let mut indexer = Indexer::new(title, sample);
        let terms: Vec<_> = texts.iter().map(|(_, text)| indexer.terms(text)).collect();
        add(conn, article, revision, first, terms.iter())?;
    }
    Ok(all.len())
}

/// Titles and texts of passages whose ids follow each other.
fn texts_of(
    conn: &Connection,
    first: i64,
    count: usize,
) -> rusqlite::Result<Vec<(String, String)>> {
    let end = first.saturating_add_unsigned(count as u64);
    conn.prepare_cached("SELECT title, text FROM passage WHERE id >= ?1 AND id < ?2 ORDER BY id")?
        .query_map([first, end], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

fn space_of(conn: &Connection, article: ArticleId) -> rusqlite::Result<i64> {
    conn.prepare_cached(
        "INSERT INTO search_space (workspace_id)
         SELECT workspace_id FROM article WHERE id = ?1
         ON CONFLICT (workspace_id) DO UPDATE SET version = version
         RETURNING id",
    )?
    .query_row([article.0], |row| row.get(0))
}

fn term_id(conn: &Connection, space: i64, text: &str) -> rusqlite::Result<i64> {
    let known = conn
        .prepare_cached("SELECT id FROM search_term WHERE space_id = ?1 AND text = ?2")?
        .query_row(params![space, text], |row| row.get(0))
        .optional()?;
    if let Some(id) = known {
        return Ok(id);
    }
    conn.prepare_cached("INSERT INTO search_term (space_id, text) VALUES (?1, ?2)")?
        .insert(params![space, text])
}

fn append(
    conn: &Connection,
    term: i64,
    block: i64,
    postings: &[(i64, Occurrences, u32)],
) -> rusqlite::Result<()> {
    let before = conn
        .prepare_cached("SELECT data FROM search_posting WHERE term_id = ?1 AND block = ?2")?
        .query_row(params![term, block], |row| row.get(0))
        .optional()?;
    let mut writer = Writer::after(block, before.unwrap_or_default());
    for (passage, occurrences, length) in postings {
        writer.push(*passage, *occurrences, *length);
    }
    put(conn, term, block, &writer.finish())
}

fn put(conn: &Connection, term: i64, block: i64, data: &[u8]) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT INTO search_posting (term_id, block, data) VALUES (?1, ?2, ?3)
         ON CONFLICT (term_id, block) DO UPDATE SET data = excluded.data",
    )?
    .execute(params![term, block, data])?;
    Ok(())
}

fn take_away(conn: &Connection, term: i64, gone: &Range<i64>) -> rusqlite::Result<()> {
    let mut statement = conn.prepare_cached(
        "SELECT block, data FROM search_posting WHERE term_id = ?1 AND block BETWEEN ?2 AND ?3",
    )?;
    let blocks = statement
        .query_map(params![term, block_of(gone.start), block_of(gone.end)], |row| {
            Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?))
        })?
        .collect::<Result<Vec<(i64, Vec<u8>)>, _>>()?;
    for (block, data) in blocks {
        let rest = without(block, &data, gone);
        if rest.is_empty() {
            conn.prepare_cached("DELETE FROM search_posting WHERE term_id = ?1 AND block = ?2")?
                .execute(params![term, block])?;
        } else {
            put(conn, term, block, &rest)?;
        }
    }
    conn.prepare_cached(
        "DELETE FROM search_term
         WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM search_posting WHERE term_id = ?1)",
    )?
    .execute([term])?;
    Ok(())
}
