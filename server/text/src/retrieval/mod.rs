//! From a visitor's question to the passages that answer it.
//!
//! The steps, between which whoever keeps the index looks up what the step before asked for:
//!
//! 1. [`Search`] says by which terms a question is looked up, and takes in which of them there are;
//! 2. [`rank()`] puts the passages that have them in order;
//! 3. [`choose`] joins that with what is near in meaning, if anybody looked, and says which
//!    passages are about the question, if any;
//! 4. [`merge`] puts passages that follow each other together.

mod join;
mod nearness;
mod rank;
mod search;

use cavuer_protocol::ArticleId;

use crate::language::words::TermKind;
use crate::query::QueryTerm;

pub use nearness::{Meaning, Near, Nearest};
pub use rank::{Ranked, rank};
pub use search::{Beginning, Lookup, Search, Vocabulary};

/// Least coverage of a question with which a passage is about it: two words out of many are more
/// than one word, however rare, and pairs of characters are less than words. A pair of Chinese
/// characters mostly is a word; in Thai it is a part of many.
const FLOOR: f32 = 0.28;
/// What each word beyond the third adds: a long question shares some of its words with any text.
const FLOOR_PER_WORD: f32 = 0.01;
const HIGHEST_FLOOR: f32 = 0.36;
/// The same among few passages, where what they have counts as common, and only what they lack as
/// rare.
const FLOOR_AMONG_FEW: f32 = 0.22;
const FEW: usize = 50;
const FLOOR_OF_ONE: f32 = 0.32;
const FLOOR_OF_PAIRS: f32 = 0.24;
const FLOOR_OF_SYLLABLES: f32 = 0.36;
/// Least coverage if nothing is near in meaning.
const FLOOR_IF_FAR: f32 = 0.6;
/// Least nearness in meaning with which a passage is about a question whatever its words, on the
/// scale of [`Ranked::nearness`].
const LEAST_NEARNESS: f32 = 0.6;
/// Passages that are ranked anew by meaning.
const RANKED_ANEW: usize = 100;
/// Passages that may show that the articles are about the question.
const WITNESSES: usize = 3;
/// Longest repetition of one passage's end at the next one's beginning, in bytes.
const MAX_OVERLAP_BYTES: usize = 1_000;
/// Passages with less than this part of the best one's score are not used.
const LEAST_SCORE: f32 = 0.15;

/// A passage of the index, as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundPassage {
    /// The article that it was cut from.
    pub article_id: ArticleId,
    /// Its place among the passages of its article, from 0.
    pub position: u32,
    /// Title of the article.
    pub title: String,
    /// The whole passage, with what was put in front of it when it was cut.
    pub text: String,
    /// Page of the document on which it begins, from 1; `None` for texts without pages.
    pub page: Option<u32>,
}

/// A passage that may answer a question, or several that follow each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The article that it was cut from.
    pub article_id: ArticleId,
    /// Title of the article.
    pub title: String,
    /// Page of the document on which the text begins, from 1; `None` for texts without pages.
    pub page: Option<u32>,
    /// The passage, or several in the article's order, of which no sentence is repeated.
    pub text: String,
    /// The higher the better; only good for comparing what one search found.
    pub score: f32,
    /// Which part of what the question says is in the passage, 0 to 1, rarer words counting more.
    pub coverage: f32,
}

/// How many passages are to be ranked by words, where `limit` are wanted.
pub fn most_ranked(limit: usize, by_meaning: bool) -> usize {
    limit.max(if by_meaning { RANKED_ANEW } else { WITNESSES })
}

/// Of passages ranked by words, and of those near in meaning where somebody looked, the ones to
/// answer from, best first, at most `limit`; none if nothing is about the question.
///
/// `passages` is how many there are in the scope.
pub fn choose(
    terms: &[QueryTerm],
    ranked: Vec<Ranked>,
    near: Option<(&Meaning, &Nearest)>,
    passages: usize,
    limit: usize,
) -> Vec<Ranked> {
    let covering = |floor: &dyn Fn(&Ranked) -> f32| {
        ranked.iter().take(WITNESSES).any(|found| found.coverage >= floor(found))
    };
    let joined = near.and_then(|(meaning, near)| join::join(&ranked, meaning, near, passages));
    let is_about = match &joined {
        None => covering(&|found| floor(terms, found.matches, passages)),
        Some(joined) => {
            let is_near =
                |found: &Ranked| found.nearness.is_some_and(|near| near >= LEAST_NEARNESS);
            joined.iter().any(is_near) || covering(&|_| FLOOR_IF_FAR)
        }
    };
    if !is_about {
        return Vec::new();
    }
    let mut chosen = joined.unwrap_or(ranked);
    let least = chosen.first().map_or(0.0, |best| best.score) * LEAST_SCORE;
    chosen.truncate(limit);
    chosen.retain(|found| found.score >= least);
    chosen
}

/// Puts passages of one article that follow each other together, at the place of the better one.
pub fn merge(found: impl IntoIterator<Item = (Ranked, FoundPassage)>) -> Vec<Found> {
    let part = |(ranked, passage): (Ranked, FoundPassage)| Part {
        first: passage.position,
        last: passage.position,
        found: Found {
            article_id: passage.article_id,
            title: passage.title,
            page: passage.page,
            text: passage.text,
            score: ranked.score,
            coverage: ranked.coverage,
        },
    };
    merged(found.into_iter().map(part))
}

fn floor(terms: &[QueryTerm], matches: u32, passages: usize) -> f32 {
    let in_pairs = terms.iter().find(|term| term.kind != TermKind::Word);
    match (in_pairs, matches) {
        (Some(pair), _) if pair.text.starts_with(is_syllabic) => FLOOR_OF_SYLLABLES,
        (Some(_), _) => FLOOR_OF_PAIRS,
        (None, 0 | 1) => FLOOR_OF_ONE,
        (None, 2..) if passages < FEW => FLOOR_AMONG_FEW,
        (None, 2..) => {
            let beyond = terms.len().saturating_sub(3) as f32;
            (FLOOR + FLOOR_PER_WORD * beyond).min(HIGHEST_FLOOR)
        }
    }
}

/// Thai, Lao, Burmese and Khmer: a syllable takes several characters.
fn is_syllabic(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
}

/// Passages of one article that follow each other.
struct Part {
    /// Places in the article.
    first: u32,
    last: u32,
    found: Found,
}

fn merged(parts: impl Iterator<Item = Part>) -> Vec<Found> {
    let mut merged: Vec<Part> = Vec::new();
    for mut part in parts {
        // A passage may close the gap between two others.
        while let Some(at) = merged.iter().position(|other| are_neighbours(other, &part)) {
            let other = merged.remove(at);
            let (score, coverage) = (other.found.score, other.found.coverage);
            let (before, after) =
                if other.first < part.first { (other, part) } else { (part, other) };
            let text = joined(&before.found.text, &after.found.text);
            part = Part {
                first: before.first,
                last: after.last,
                found: Found {
                    text,
                    score: score.max(after.found.score).max(before.found.score),
                    coverage: coverage.max(after.found.coverage).max(before.found.coverage),
                    ..before.found
                },
            };
        }
        let place = merged.partition_point(|other| other.found.score >= part.found.score);
        merged.insert(place, part);
    }
    merged.into_iter().map(|part| part.found).collect()
}

fn are_neighbours(a: &Part, b: &Part) -> bool {
    a.found.article_id == b.found.article_id && (a.last + 1 == b.first || b.last + 1 == a.first)
}

/// Two texts that follow each other. The second may begin with the end of the first: it was cut
/// that way, so that both can be understood alone.
fn joined(before: &str, after: &str) -> String {
    let before = before.trim_end();
    let longest = after.char_indices().map(|(at, _)| at).chain([after.len()]).rev();
    let overlap = longest
        .filter(|end| *end <= MAX_OVERLAP_BYTES)
        .find(|end| before.ends_with(after[..*end].trim_end()))
        .unwrap_or_default();
    let rest = after[overlap..].trim_start();
    let border = if after[..overlap].trim().is_empty() { "\n\n" } else { " " };
    if rest.is_empty() { before.to_owned() } else { format!("{before}{border}{rest}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::query_terms;

    #[test]
    fn more_of_a_longer_question_must_be_covered() {
        let floor = |question: &str, passages| super::floor(&query_terms(question), 2, passages);
        let short = "stations harbour ferry";
        let long = "stations harbour ferry lighthouse winter bicycle luggage";
        assert!(floor(long, 1_000) > floor(short, 1_000));
        assert!(floor(&long.repeat(9), 1_000) <= HIGHEST_FLOOR);
        assert!(floor(long, 10) < floor(short, 1_000), "few passages know few words");
    }

    #[test]
    fn an_overlap_is_not_repeated() {
        assert_eq!(joined("One. Two.", "Two. Three."), "One. Two. Three.");
        assert_eq!(joined("One.", "Two."), "One.\n\nTwo.");
        assert_eq!(joined("One. Два.", "Два."), "One. Два.");
        assert_eq!(joined("", ""), "");
    }
}
