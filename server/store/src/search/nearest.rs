//! Which passages mean about the same as a question.
//!
//! The vectors lie in the database, a byte a number. In memory is only a code of each, a bit a
//! number: on which side of the middle of all passages it lies. How many bits two codes differ in
//! is counted for all passages in about a millisecond for a hundred thousand; the best few hundred
//! are then compared by their vectors.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use cavuer_text::index::Scope;
use cavuer_text::index::vector::{cosine, decode};
use cavuer_text::retrieval::{Meaning, Near, Nearest};

use crate::sql::{Sql, list, params};
use crate::{Store, StoreError};

/// Passages whose vectors are compared.
const COMPARED: usize = 300;
/// Most memory that codes take, in bytes; those of workspaces that were not asked for long make
/// room. A passage takes a bit for each number of its vector, and sixteen bytes.
const MAX_KEPT_BYTES: usize = 256 * 1024 * 1024;
/// Vectors that are read to find the middle.
const SAMPLE: usize = 4_096;

/// Whose vectors these are is looked at afterwards: a passage has one at most, while a database
/// might choose to go through all of a model's.
static VECTORS: LazyLock<String> = LazyLock::new(|| {
    let passages = list::places(1);
    format!(
        "SELECT passage_id, model_id, data FROM passage_vector WHERE passage_id IN ({passages})"
    )
});

impl Store {
    /// The passages of a scope that are nearest to a question in meaning, nearest first, and how
    /// near those at some places are.
    pub async fn nearest(
        &self,
        scope: Arc<Scope>,
        meaning: Meaning,
        asked: Vec<usize>,
    ) -> Result<Nearest, StoreError> {
        let codes = Arc::clone(&self.codes);
        self.database.read(move |sql| nearest(sql, &codes, &scope, &meaning, &asked)).await
    }
}

fn nearest(
    sql: &dyn Sql,
    codes: &AllCodes,
    scope: &Scope,
    meaning: &Meaning,
    asked: &[usize],
) -> Result<Nearest, StoreError> {
    let Some(codes) = codes.of(sql, meaning)? else { return Ok(Nearest::default()) };
    let question = codes.code(&meaning.vector);
    let mut place_of = scope.places();
    // How many passages differ in how many bits, and which.
    let mut found: Vec<(u32, usize, i64)> = codes
        .passages
        .iter()
        .zip(codes.bits.chunks_exact(codes.words))
        .filter_map(|(passage, bits)| {
            let place = place_of(*passage)?;
            let differing = bits.iter().zip(&question).map(|(a, b)| (a ^ b).count_ones()).sum();
            Some((differing, place, *passage))
        })
        .collect();
    let compared = found.len();
    if found.len() > COMPARED {
        found.select_nth_unstable(COMPARED);
        found.truncate(COMPARED);
    }
    found.sort_unstable_by_key(|(_, place, _)| *place);
    found.dedup_by_key(|(_, place, _)| *place);
    let places = asked.iter().filter_map(|place| Some((*place, scope.passage(*place)?)));
    let places: Vec<(usize, i64)> = places.collect();
    let wanted = found.iter().map(|(_, _, passage)| passage);
    let wanted = wanted.chain(places.iter().map(|(_, passage)| passage)).copied().collect();
    let similarities = similarities(sql, wanted, meaning)?;
    let similarity = |passage: i64| similarities.get(&passage).copied();
    let near = found
        .into_iter()
        .filter_map(|(_, place, passage)| Some(Near { place, similarity: similarity(passage)? }));
    let mut nearest = Nearest { compared, passages: near.collect(), ..Nearest::default() };
    nearest.passages.sort_unstable_by(|a, b| b.similarity.total_cmp(&a.similarity));
    let asked =
        places.into_iter().filter_map(|(place, passage)| Some((place, similarity(passage)?)));
    nearest.asked = asked.collect();
    Ok(nearest)
}

/// How near passages are, by their ids.
fn similarities(
    sql: &dyn Sql,
    mut passages: Vec<i64>,
    meaning: &Meaning,
) -> Result<HashMap<i64, f32>, StoreError> {
    // Neighbours in the database are read together.
    passages.sort_unstable();
    passages.dedup();
    let found = list::rows(sql, &VECTORS, params![], &passages, |row| {
        let is_model = row.get::<i64>("model_id")? == meaning.model;
        let data: Vec<u8> = row.get("data")?;
        Ok(is_model.then_some((row.get("passage_id")?, cosine(&data, &meaning.vector))))
    })?;
    Ok(found.into_iter().flatten().collect())
}

/// The codes of the workspaces that were asked last.
#[derive(Default)]
pub(crate) struct AllCodes(Mutex<HashMap<i64, Arc<Codes>>>);

/// The codes of one model's vectors.
#[derive(Clone, Debug)]
struct Codes {
    /// Id of the newest vector that is in here.
    newest: i64,
    /// Passages that were there when all vectors were read.
    whole: usize,
    /// Ids, rising.
    passages: Vec<i64>,
    /// The codes in the passages' order, `words` a code.
    bits: Vec<u64>,
    words: usize,
    /// The middle of the vectors. Texts of one subject all point about the same way; what tells
    /// them apart is the direction from there.
    middle: Vec<f32>,
}

impl AllCodes {
    /// The codes as the transaction sees them, or newer ones: what is not in the scope is left out
    /// anyway. `None` if there are none.
    ///
    /// Only vectors with higher ids than the newest one known are looked for. That misses none,
    /// because those of one model are added under [`Lock::Vectors`](crate::sql::Lock::Vectors): once
    /// an id is seen, no lower one appears any more.
    fn of(&self, sql: &dyn Sql, meaning: &Meaning) -> Result<Option<Arc<Codes>>, StoreError> {
        let newest: Option<i64> = sql.only_value(
            "SELECT max(id) FROM passage_vector WHERE model_id = ?1",
            params![meaning.model],
        )?;
        let Some(newest) = newest else { return Ok(None) };
        let kept = self.lock().get(&meaning.model).cloned();
        if let Some(kept) = kept.as_ref().filter(|kept| kept.newest >= newest) {
            return Ok(Some(Arc::clone(kept)));
        }
        let grown = match kept {
            // What was deleted since stays in the codes until they have doubled.
            Some(kept) if kept.passages.len() < 2 * kept.whole => kept.with_new(sql, meaning)?,
            _ => Codes::read(sql, meaning)?,
        };
        let Some(codes) = grown.map(Arc::new) else { return Ok(None) };
        self.keep(meaning.model, &codes);
        Ok(Some(codes))
    }

    fn keep(&self, model: i64, codes: &Arc<Codes>) {
        let mut all = self.lock();
        all.insert(model, Arc::clone(codes));
        let mut bytes: usize = all.values().map(|codes| codes.bytes()).sum();
        while bytes > MAX_KEPT_BYTES {
            let other = all.keys().copied().find(|other| *other != model);
            let Some(gone) = other.and_then(|other| all.remove(&other)) else { break };
            bytes -= gone.bytes();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<i64, Arc<Codes>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Codes {
    /// All vectors of a model; `None` if they are of another length than the question's.
    fn read(sql: &dyn Sql, meaning: &Meaning) -> Result<Option<Self>, StoreError> {
        let Some(middle) = middle(sql, meaning)? else { return Ok(None) };
        let words = middle.len().div_ceil(64);
        let empty = Self {
            newest: 0,
            whole: usize::MAX,
            passages: Vec::new(),
            bits: Vec::new(),
            words,
            middle,
        };
        let mut codes = empty.with_new(sql, meaning)?;
        if let Some(codes) = &mut codes {
            codes.whole = codes.passages.len();
        }
        Ok(codes)
    }

    /// These and what was stored since.
    fn with_new(&self, sql: &dyn Sql, meaning: &Meaning) -> Result<Option<Self>, StoreError> {
        if self.middle.len() != meaning.vector.len() {
            return Ok(None);
        }
        let mut codes = self.clone();
        // One by one: all vectors together may be larger than the memory.
        sql.query(
            "SELECT id, passage_id, data FROM passage_vector
             WHERE model_id = ?1 AND id > ?2 ORDER BY id",
            params![meaning.model, self.newest],
            &mut |mut row| {
                codes.newest = row.get("id")?;
                codes.passages.push(row.get("passage_id")?);
                let data: Vec<u8> = row.get("data")?;
                let code = codes.code_of(decode(&data));
                codes.bits.extend(code);
                Ok(ControlFlow::Continue(()))
            },
        )?;
        codes.put_in_order();
        Ok(Some(codes))
    }

    fn code(&self, vector: &[f32]) -> Vec<u64> {
        self.code_of(vector.iter().copied())
    }

    fn code_of(&self, numbers: impl Iterator<Item = f32>) -> Vec<u64> {
        let mut code = vec![0_u64; self.words];
        for (place, (number, middle)) in numbers.zip(&self.middle).enumerate() {
            code[place / 64] |= u64::from(number > *middle) << (place % 64);
        }
        code
    }

    /// Mostly they are already; passages that could not be read at first come late.
    fn put_in_order(&mut self) {
        if self.passages.is_sorted() {
            return;
        }
        let mut order: Vec<usize> = (0..self.passages.len()).collect();
        order.sort_unstable_by_key(|at| self.passages[*at]);
        let code = |at: &usize| &self.bits[at * self.words..(at + 1) * self.words];
        self.bits = order.iter().flat_map(code).copied().collect();
        self.passages = order.iter().map(|at| self.passages[*at]).collect();
    }

    fn bytes(&self) -> usize {
        8 * (self.bits.len() + self.passages.len()) + 4 * self.middle.len()
    }
}

/// The mean of the model's first vectors; `None` if they are of another length than the question's.
fn middle(sql: &dyn Sql, meaning: &Meaning) -> Result<Option<Vec<f32>>, StoreError> {
    let length: Option<Option<u32>> =
        sql.value("SELECT dimensions FROM meaning_model WHERE id = ?1", params![meaning.model])?;
    let length = length.flatten().and_then(|length| usize::try_from(length).ok());
    if length != Some(meaning.vector.len()) {
        return Ok(None);
    }
    let mut sum = vec![0.0_f32; meaning.vector.len()];
    let mut count = 0.0_f32;
    sql.query(
        "SELECT data FROM passage_vector WHERE model_id = ?1 ORDER BY id LIMIT ?2",
        params![meaning.model, SAMPLE as i64],
        &mut |mut row| {
            let data: Vec<u8> = row.get("data")?;
            sum.iter_mut().zip(decode(&data)).for_each(|(sum, x)| *sum += x);
            count += 1.0;
            Ok(ControlFlow::Continue(()))
        },
    )?;
    Ok(Some(sum.into_iter().map(|sum| sum / count.max(1.0)).collect()))
}
