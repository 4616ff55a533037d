//! What was found by words and what was found by meaning, put together.
//!
//! Both are brought to a scale of their own: words to the best passage found by them, meaning to
//! what the model gave right and wrong answers in its exam (see [`Meaning`]). The less of the
//! question the words cover, the less they count. Measured on questions worded unlike the articles
//! this finds more than either alone, also with models that alone find less than words do.

use std::collections::HashMap;

use super::nearness::{Meaning, Near, Nearest};
use super::rank::Ranked;

/// Passages that count as found by meaning.
const FIRST: usize = 20;
/// What meaning counts beside words, if the passage is as near as a right answer is.
const WEIGHT: f32 = 1.0;
/// How much nearer than a right answer a passage can be and still gain.
const MOST: f32 = 3.0;
/// What words count that cover nothing of the question, beside such that cover all.
const UNCOVERED: f32 = 0.4;
/// Part of the scope's passages that must have a vector. With fewer, what has none would lose.
const COMPLETE: f32 = 0.9;

/// Ranks anew what was found by words, with what is near in meaning. `None` if too few of the
/// scope's passages were prepared for that.
pub(super) fn join(
    by_words: &[Ranked],
    meaning: &Meaning,
    nearest: &Nearest,
    passages: usize,
) -> Option<Vec<Ranked>> {
    if (nearest.compared as f32) < COMPLETE * passages as f32 {
        return None;
    }
    let mut found: HashMap<usize, Ranked> =
        by_words.iter().map(|ranked| (ranked.place, *ranked)).collect();
    for near in nearest.passages.iter().take(FIRST) {
        found.entry(near.place).or_insert(Ranked {
            place: near.place,
            score: 0.0,
            coverage: 0.0,
            matches: 0,
            nearness: None,
        });
    }
    let similarities = similarities(nearest);
    let best = by_words.iter().map(|ranked| ranked.score).fold(0.0, f32::max);
    let covered = by_words.iter().map(|ranked| ranked.coverage).fold(0.0, f32::max);
    let words = UNCOVERED + (1.0 - UNCOVERED) * covered;
    let mut joined = Vec::with_capacity(found.len());
    for ranked in found.into_values() {
        let similarity =
            similarities.get(&ranked.place).or_else(|| nearest.asked.get(&ranked.place));
        let nearness = similarity.map_or(0.0, |similarity| meaning.nearness(*similarity));
        let by_words = if best > 0.0 { words * ranked.score / best } else { 0.0 };
        let score = by_words + WEIGHT * nearness.clamp(0.0, MOST);
        joined.push(Ranked { score, nearness: Some(nearness), ..ranked });
    }
    joined.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then(a.place.cmp(&b.place)));
    Some(joined)
}

fn similarities(nearest: &Nearest) -> HashMap<usize, f32> {
    nearest.passages.iter().map(|Near { place, similarity }| (*place, *similarity)).collect()
}
