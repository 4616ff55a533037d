//! Keeping the index in step with the passages.
//!
//! Whoever writes to the index holds [`Lock::PassageNumbers`] until the end of the transaction. So
//! the passages of a block are appended in the order of their ids, and no term is cleared away
//! that somebody has just looked up.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::LazyLock;

use cavuer_protocol::ArticleId;
use cavuer_text::index::posting::{Writer, block_of, read_numbers, without, write_numbers};
use cavuer_text::index::{INDEX_VERSION, Indexer, Occurrences, PassageTerms};
use cavuer_text::language::LanguageSet;

use super::read::terms;
use crate::StoreError;
use crate::sql::list::Insertion;
use crate::sql::{Lock, Param, Sql, ToParam, list, params};

/// Batches whose postings are taken away in one go.
const GARBAGE_AT_ONCE: usize = 4;
/// Terms whose postings are taken away in one go.
const TERMS_AT_ONCE: usize = 1_024;

static NEW_TERMS: LazyLock<Insertion<2>> =
    LazyLock::new(|| Insertion::new("search_term (space_id, text)", "RETURNING id, text"));

static BLOCKS: LazyLock<Insertion<3>> = LazyLock::new(|| {
    Insertion::new(
        "search_posting (term_id, block, data)",
        "ON CONFLICT (term_id, block) DO UPDATE SET data = excluded.data",
    )
});

static BLOCKS_BETWEEN: LazyLock<String> = LazyLock::new(|| {
    let terms = list::places(3);
    format!(
        "SELECT term_id, block, data FROM search_posting
         WHERE block >= ?1 AND block <= ?2 AND term_id IN ({terms})"
    )
});

static DELETE_BLOCK: LazyLock<String> = LazyLock::new(|| {
    let terms = list::places(2);
    format!("DELETE FROM search_posting WHERE block = ?1 AND term_id IN ({terms})")
});

static DELETE_UNUSED: LazyLock<String> = LazyLock::new(|| {
    let terms = list::places(1);
    format!(
        "DELETE FROM search_term WHERE id IN ({terms}) AND NOT EXISTS
             (SELECT 1 FROM search_posting WHERE search_posting.term_id = search_term.id)"
    )
});

/// By its text, the passages that have a term: each with how often and with its length.
type Places<'a> = BTreeMap<&'a str, Vec<(i64, Occurrences, u32)>>;

/// The postings of a term in a block.
struct Block {
    term: i64,
    number: i64,
    data: Vec<u8>,
}

impl Block {
    fn row(&self) -> [Param<'_>; 3] {
        [self.term.to_param(), self.number.to_param(), self.data.to_param()]
    }
}

/// Reserves the ids of as many passages, which follow each other, and gives the first.
pub(crate) fn next_passage(sql: &dyn Sql, count: usize) -> Result<i64, StoreError> {
    sql.lock(Lock::PassageNumbers)?;
    let next: String =
        sql.only_value("SELECT value FROM setting WHERE name = 'next_passage'", params![])?;
    let next: i64 = next.parse().map_err(|_| StoreError::fault("next_passage is no number"))?;
    sql.execute(
        "UPDATE setting SET value = ?1 WHERE name = 'next_passage'",
        params![next.saturating_add_unsigned(count as u64).to_string()],
    )?;
    Ok(next)
}

/// Adds passages of an article's revision to the index; their ids follow each other, and those of
/// all passages that were added before.
pub(crate) fn add<'a>(
    sql: &dyn Sql,
    article: ArticleId,
    revision: i64,
    first: i64,
    passages: impl ExactSizeIterator<Item = &'a PassageTerms>,
) -> Result<(), StoreError> {
    let count = i64::try_from(passages.len()).unwrap_or(i64::MAX);
    if count == 0 {
        return Ok(());
    }
    sql.lock(Lock::PassageNumbers)?;
    let space = changed_space_of(sql, article)?;
    let mut places = Places::new();
    let mut languages = LanguageSet::default();
    let mut words = 0_i64;
    for (id, passage) in (first..).zip(passages) {
        languages.insert(passage.language);
        words += i64::from(passage.length);
        for (term, occurrences) in &passage.terms {
            places.entry(term).or_default().push((id, *occurrences, passage.length));
        }
    }
    let terms = append(sql, space, first, &places)?;
    sql.execute(
        "INSERT INTO search_batch
             (first, passages, space_id, article_id, revision, languages, words, terms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            first,
            count,
            space,
            article,
            revision,
            languages.bits().cast_signed(),
            words,
            write_numbers(&terms),
        ],
    )?;
    Ok(())
}

/// Takes the postings of some deleted passages away, and says whether there may be more. No search
/// shows them in the meantime, because a search begins with the passages that are there.
pub(crate) fn collect_garbage(sql: &dyn Sql) -> Result<bool, StoreError> {
    sql.lock(Lock::PassageNumbers)?;
    let batches: Vec<(i64, i64, Vec<u8>)> = sql.rows(
        "SELECT first, passages, terms FROM search_batch WHERE is_garbage ORDER BY first LIMIT ?1",
        params![GARBAGE_AT_ONCE as i64],
        |row| Ok((row.get("first")?, row.get("passages")?, row.get("terms")?)),
    )?;
    let may_be_more = batches.len() == GARBAGE_AT_ONCE;
    for (first, passages, terms) in batches {
        for some in read_numbers(&terms).chunks(TERMS_AT_ONCE) {
            take_away(sql, some, &(first..first + passages))?;
        }
        sql.execute("DELETE FROM search_batch WHERE first = ?1", params![first])?;
    }
    Ok(may_be_more)
}

/// Makes the whole index from the passages, if the one that is there was made in another way.
pub(crate) fn make_anew_if_outdated(sql: &dyn Sql) -> Result<(), StoreError> {
    sql.lock(Lock::PassageNumbers)?;
    let found: Option<String> =
        sql.value("SELECT value FROM setting WHERE name = 'search_index'", params![])?;
    let wanted = INDEX_VERSION.to_string();
    if found.as_ref() == Some(&wanted) {
        return Ok(());
    }
    // With the spaces everything else of the index goes.
    sql.execute("DELETE FROM search_space", params![])?;
    let passages = index_stored(sql)?;
    sql.execute(
        "INSERT INTO setting (name, value) VALUES ('search_index', ?1)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        params![wanted],
    )?;
    if passages > 0 {
        tracing::info!(passages, "the search index was made anew");
    }
    Ok(())
}

/// Indexes all passages that are stored, in the order of their ids, and counts them.
fn index_stored(sql: &dyn Sql) -> Result<usize, StoreError> {
    let all: Vec<(i64, ArticleId, i64)> = sql.rows(
        "SELECT passage.id, passage.article_id, passage.revision
         FROM passage JOIN article_state ON article_state.article_id = passage.article_id
         WHERE passage.revision >= coalesce(article_state.live_revision, 0)
         ORDER BY passage.id",
        params![],
        |row| Ok((row.get("id")?, row.get("article_id")?, row.get("revision")?)),
    )?;
    for batch in all.chunk_by(|a, b| (a.0 + 1, a.1, a.2) == (b.0, b.1, b.2)) {
        let (first, article, revision) = batch[0];
        let texts = texts_of(sql, first, batch.len())?;
        let Some((title, sample)) = texts.first() else { continue };
        let mut indexer = Indexer::new(title, sample);
        let terms: Vec<_> = texts.iter().map(|(_, text)| indexer.terms(text)).collect();
        add(sql, article, revision, first, terms.iter())?;
    }
    Ok(all.len())
}

/// Titles and texts of passages whose ids follow each other.
fn texts_of(sql: &dyn Sql, first: i64, count: usize) -> Result<Vec<(String, String)>, StoreError> {
    let end = first.saturating_add_unsigned(count as u64);
    sql.rows(
        "SELECT title, text FROM passage WHERE id >= ?1 AND id < ?2 ORDER BY id",
        params![first, end],
        |row| Ok((row.get("title")?, row.get("text")?)),
    )
}

/// The space of an article's workspace, of which searches learn that it has changed.
fn changed_space_of(sql: &dyn Sql, article: ArticleId) -> Result<i64, StoreError> {
    sql.only_value(
        "INSERT INTO search_space (workspace_id)
         SELECT workspace_id FROM article WHERE id = ?1
         ON CONFLICT (workspace_id) DO UPDATE SET version = search_space.version + 1
         RETURNING id",
        params![article],
    )
}

/// Writes new postings behind those that are there, and gives the ids of their terms, rising.
fn append(
    sql: &dyn Sql,
    space: i64,
    first: i64,
    places: &Places<'_>,
) -> Result<Vec<i64>, StoreError> {
    let texts: Vec<&str> = places.keys().copied().collect();
    let mut ids: HashMap<String, i64> = terms(sql, space, &texts)?.into_iter().collect();
    // All passages are new, so that no later block than the first one's has been begun.
    let known: Vec<i64> = ids.values().copied().collect();
    let begun = blocks(sql, &known, block_of(first), block_of(first))?;
    let mut begun: HashMap<_, _> =
        begun.into_iter().map(|block| ((block.term, block.number), block.data)).collect();
    let new = texts.iter().filter(|text| !ids.contains_key(**text));
    let new: Vec<_> = new.map(|text| [space.to_param(), text.to_param()]).collect();
    ids.extend(NEW_TERMS.returning(sql, &new, |row| Ok((row.get("text")?, row.get("id")?)))?);

    let mut written = Vec::with_capacity(places.len());
    for (text, postings) in places {
        let term = ids.get(*text).copied();
        let term = term.ok_or_else(|| StoreError::fault("a term was stored as another text"))?;
        for chunk in postings.chunk_by(|a, b| block_of(a.0) == block_of(b.0)) {
            let number = block_of(chunk[0].0);
            let before = begun.remove(&(term, number)).unwrap_or_default();
            let mut writer = Writer::after(number, before);
            for (passage, occurrences, length) in chunk {
                writer.push(*passage, *occurrences, *length);
            }
            written.push(Block { term, number, data: writer.finish() });
        }
    }
    put(sql, written)?;
    let mut terms: Vec<i64> = ids.into_values().collect();
    terms.sort_unstable();
    Ok(terms)
}

/// Takes passages away from the postings of terms, and the terms that then have none.
fn take_away(sql: &dyn Sql, terms: &[i64], gone: &Range<i64>) -> Result<(), StoreError> {
    let mut left = Vec::new();
    let mut emptied: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for block in blocks(sql, terms, block_of(gone.start), block_of(gone.end))? {
        let data = without(block.number, &block.data, gone);
        if data.is_empty() {
            emptied.entry(block.number).or_default().push(block.term);
        } else {
            left.push(Block { data, ..block });
        }
    }
    put(sql, left)?;
    for (number, terms) in emptied {
        list::run(sql, &DELETE_BLOCK, params![number], &terms)?;
    }
    list::run(sql, &DELETE_UNUSED, params![], terms)
}

/// The blocks that terms have from one to another.
fn blocks(sql: &dyn Sql, terms: &[i64], from: i64, to: i64) -> Result<Vec<Block>, StoreError> {
    list::rows(sql, &BLOCKS_BETWEEN, params![from, to], terms, |row| {
        Ok(Block { term: row.get("term_id")?, number: row.get("block")?, data: row.get("data")? })
    })
}

/// Stores blocks in the place of those that are there.
fn put(sql: &dyn Sql, mut blocks: Vec<Block>) -> Result<(), StoreError> {
    blocks.sort_unstable_by_key(|block| (block.term, block.number));
    BLOCKS.run(sql, &blocks.iter().map(Block::row).collect::<Vec<_>>())
}
