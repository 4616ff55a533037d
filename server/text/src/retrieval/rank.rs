//! Which passages fit the terms of a question best.
//!
//! BM25 over groups: a term of the question with everything that it may look like in a text (see
//! [`super::search`]). How common a group is, is counted among the passages that are searched, so
//! that scores mean the same in a small collection and in a large one.

use super::search::{Group, Search};
use crate::index::{Postings, Scope};
use crate::language::fillers::is_han;
use crate::language::words::TermKind;
use crate::query::QueryTerm;

/// How fast further occurrences of a term stop to count.
const K1: f32 = 1.6;
/// How much longer passages are marked down.
const B: f32 = 0.6;
/// How much more a term counts in the title than in the text.
const TITLE: f32 = 3.0;
/// What a word such as "sell" or "need" counts beside a telling one.
const WEAK: f32 = 0.3;
/// How much of its rarity a word that no text has counts in the coverage.
const UNKNOWN: f32 = 0.8;
/// The same for a pair of characters, which mostly is no word at all.
const UNKNOWN_GRAM: f32 = 0.3;
/// What a Chinese character counts beside the pairs that it is part of.
const SINGLE: f32 = 0.5;
/// What a related word counts in the coverage.
const RELATED_SHARE: f32 = 0.5;
/// What a pair of characters counts in the coverage if neither of its neighbours is there.
const LONE: f32 = 0.2;
/// The same for a pair of Chinese characters, which often is a word.
const LONE_HAN: f32 = 0.6;

/// Passages that are looked at more closely.
const FIRST: usize = 100;

/// A passage that has something of the question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ranked {
    /// Place of the passage in the scope.
    pub place: usize,
    /// The higher the better; only good for comparing what one search found.
    pub score: f32,
    /// Which part of what the question says the passage has, 0 to 1.
    pub coverage: f32,
    /// How many of the words it has, themselves or a related one; for languages without spaces, of
    /// the pairs of characters.
    pub matches: u32,
    /// How near it is in meaning: 0 is as near as wrong answers are, 1 as right ones. `None` if
    /// nobody looked.
    pub nearness: Option<f32>,
}

/// The best passages of a scope, best first, by the postings of the terms that the search names.
pub fn rank(search: &Search, scope: &Scope, postings: &Postings, limit: usize) -> Vec<Ranked> {
    let passages = scope.len();
    let terms = search.query();
    let mut scores = vec![0.0_f32; passages];
    let mut shares = vec![Shares::default(); passages];
    let mut importances = Vec::with_capacity(terms.len());
    let mut work = Work::new(scope, postings);
    for (number, (term, group)) in terms.iter().zip(search.groups()).enumerate() {
        let weight = match term.kind {
            _ if term.is_weak => WEAK,
            TermKind::Word => 1.0,
            TermKind::Gram => 1.0,
            TermKind::Tail => SINGLE,
        };
        importances.push(weight * work.count(group, term.kind));
        for place in work.touched.drain(..) {
            let hit = std::mem::take(&mut work.hits[place]);
            scores[place] += weight * hit.score;
            shares[place].set(number, hit.share);
        }
    }
    let mut ranked: Vec<Ranked> = (0..passages)
        .filter(|place| scores[*place] > 0.0)
        .map(|place| Ranked {
            place,
            score: scores[place],
            coverage: 0.0,
            matches: 0,
            nearness: None,
        })
        .collect();
    let by_score = |a: &Ranked, b: &Ranked| b.score.total_cmp(&a.score).then(a.place.cmp(&b.place));
    let first = limit.max(FIRST);
    if ranked.len() > first {
        ranked.select_nth_unstable_by(first, by_score);
        ranked.truncate(first);
    }
    for found in &mut ranked {
        let shares = &shares[found.place];
        found.coverage = coverage(terms, &importances, shares);
        found.matches = (shares.exact | shares.related).count_ones();
        found.score *= 1.0 + found.coverage;
    }
    ranked.sort_unstable_by(by_score);
    ranked.truncate(limit);
    ranked
}

/// Which terms a passage has and how well.
#[derive(Clone, Copy, Debug, Default)]
struct Shares {
    /// One bit for each term that stands there itself.
    exact: u64,
    /// One bit for each that has a related one there.
    related: u64,
}

impl Shares {
    fn set(&mut self, term: usize, share: f32) {
        if share >= 1.0 {
            self.exact |= 1 << term;
        } else {
            self.related |= 1 << term;
        }
    }

    fn of(&self, term: usize) -> f32 {
        if self.exact >> term & 1 == 1 {
            1.0
        } else if self.related >> term & 1 == 1 {
            RELATED_SHARE
        } else {
            0.0
        }
    }
}

/// Which part of what the terms say a passage has.
fn coverage(terms: &[QueryTerm], importances: &[f32], shares: &Shares) -> f32 {
    let (mut has, mut all) = (0.0, 0.0);
    for (number, (term, importance)) in terms.iter().zip(importances).enumerate() {
        all += importance;
        let mut share = shares.of(number);
        // A pair of characters may well be a part of two other words; three in a row seldom are.
        if term.kind == TermKind::Gram && share > 0.0 {
            let next_follows = terms.get(number + 1).is_some_and(|next| next.follows);
            let before = term.follows && shares.of(number - 1) > 0.0;
            let after = next_follows && shares.of(number + 1) > 0.0;
            if (term.follows || next_follows) && !before && !after {
                share *= if term.text.chars().all(is_han) { LONE_HAN } else { LONE };
            }
        }
        has += importance * share;
    }
    if all > 0.0 { has / all } else { 0.0 }
}

/// What a passage has of one group.
#[derive(Clone, Copy, Debug, Default)]
struct Hit {
    score: f32,
    /// 1 for the word itself, less for a related one.
    share: f32,
}

/// What is used anew for each group.
struct Work<'a> {
    scope: &'a Scope,
    postings: &'a Postings,
    passages: f32,
    mean_length: f32,
    /// By place.
    hits: Vec<Hit>,
    /// Places with a hit.
    touched: Vec<usize>,
    /// Weighed occurrences of the group's exact terms, by place.
    occurrences: Vec<f32>,
    found: Vec<(usize, f32)>,
}

impl<'a> Work<'a> {
    fn new(scope: &'a Scope, postings: &'a Postings) -> Self {
        let passages = scope.len();
        Self {
            scope,
            postings,
            passages: passages as f32,
            mean_length: scope.mean_length().max(1.0),
            hits: vec![Hit::default(); passages],
            touched: Vec::new(),
            occurrences: vec![0.0; passages],
            found: Vec::new(),
        }
    }

    /// Finds the passages of a group, and gives how much it tells: its rarity.
    fn count(&mut self, group: &Group, kind: TermKind) -> f32 {
        let mut lengths: Vec<(usize, f32)> = Vec::new();
        for term in &group.exact {
            self.postings.visit(*term, self.scope, |place, posting| {
                if self.occurrences[place] == 0.0 {
                    lengths.push((place, posting.length));
                }
                self.occurrences[place] += posting.in_text + TITLE * posting.in_title;
            });
        }
        let exact = self.rarity(lengths.len());
        for (place, length) in &lengths {
            let occurrences = std::mem::take(&mut self.occurrences[*place]);
            let score = exact * saturated(occurrences, *length / self.mean_length);
            self.hits[*place] = Hit { score, share: 1.0 };
            self.touched.push(*place);
        }
        let is_known = !lengths.is_empty();
        let mut importance = if is_known {
            exact
        } else if kind == TermKind::Word {
            exact * UNKNOWN
        } else {
            exact * UNKNOWN_GRAM
        };
        for (term, weight) in &group.related {
            let mut found = std::mem::take(&mut self.found);
            self.postings.visit(*term, self.scope, |place, posting| {
                let occurrences = posting.in_text + TITLE * posting.in_title;
                found.push((place, saturated(occurrences, posting.length / self.mean_length)));
            });
            // A rare word must not lend its rarity to a common one.
            let rarity = self.rarity(found.len()).min(exact);
            for (place, saturated) in found.drain(..) {
                let hit = &mut self.hits[place];
                if hit.share == 0.0 {
                    self.touched.push(place);
                }
                hit.score = hit.score.max(weight * rarity * saturated);
                hit.share = hit.share.max(*weight);
            }
            self.found = found;
        }
        if !is_known && !self.touched.is_empty() {
            importance = importance.min(self.rarity(self.touched.len()));
        }
        importance
    }

    /// How much a term tells that this many passages have.
    fn rarity(&self, found: usize) -> f32 {
        let found = found as f32;
        (1.0 + (self.passages - found + 0.5) / (found + 0.5)).ln()
    }
}

/// Occurrences in a passage of some length (1 is the mean) as BM25 counts them.
fn saturated(occurrences: f32, length: f32) -> f32 {
    occurrences * (K1 + 1.0) / (occurrences + K1 * (1.0 - B + B * length))
}
