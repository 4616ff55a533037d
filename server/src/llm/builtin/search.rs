//! Whether the passages answer a question, and with which words.

use super::excerpt::{TermSet, WeighedTerm, excerpt};
use crate::knowledge::query::{QueryTerm, in_context, query_terms};
use crate::llm::Passage;

/// How much a word such as "sell" or "need" says, beside a telling one.
const WEAK: f64 = 0.3;
/// From this part of the question on, a passage answers it.
const ANSWERS: f64 = 0.7;
/// From this part on, a passage is about the subject, if its title says so too.
const IS_NEAR: f64 = 0.5;
/// The same for long questions, which carry many words that no article has.
const IS_NEAR_IF_LONG: f64 = 0.3;
const LONG_QUESTION: usize = 4;

/// What the passages say about a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    Answer(Vec<Quote>),
    /// A part of the question is covered, for example the subject, but not the place asked for.
    Near(Vec<Quote>),
    Nothing,
}

/// Words of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    pub title: String,
    /// Light Markdown, word for word.
    pub text: String,
}

/// Looks for the question in the passages; `previous` is the visitor's question before it, which
/// helps with ones like "and on Sunday?".
pub fn find(question: &str, previous: Option<&str>, passages: &[Passage]) -> Finding {
    let terms = query_terms(question);
    match find_terms(&terms, passages) {
        Finding::Nothing if !terms.is_empty() => {
            let in_context = query_terms(&in_context(question, previous));
            // Without a word of the question itself this would only answer the one before again.
            let covers_own = |quote: &Quote| {
                let quoted = TermSet::of(&format!("{}\n{}", quote.title, quote.text));
                terms.iter().any(|term| !term.is_weak && quoted.has(term))
            };
            match find_terms(&in_context, passages) {
                Finding::Answer(quotes) if quotes.iter().any(covers_own) => Finding::Answer(quotes),
                Finding::Near(quotes) if quotes.iter().any(covers_own) => Finding::Near(quotes),
                _ => Finding::Nothing,
            }
        }
        finding => finding,
    }
}

/// Which of the question's terms a passage has.
struct Match<'a> {
    passage: &'a Passage,
    /// By index of the term: in the title, anywhere.
    in_title: Vec<bool>,
    anywhere: Vec<bool>,
}

fn find_terms(terms: &[QueryTerm], passages: &[Passage]) -> Finding {
    if !terms.iter().any(|term| !term.is_weak) {
        return Finding::Nothing;
    }
    let matches: Vec<Match<'_>> = passages.iter().map(|passage| match_of(terms, passage)).collect();
    let weights = weights(terms, &matches);
    let score = |found: &Match<'_>| -> f64 {
        let of = |index: usize| {
            weights[index]
                * (f64::from(u8::from(found.anywhere[index]))
                    + 0.5 * f64::from(u8::from(found.in_title[index])))
        };
        (0..terms.len()).map(of).sum()
    };
    let best =
        matches.iter().reduce(|best, next| if score(next) > score(best) { next } else { best });
    let Some(best) = best else { return Finding::Nothing };

    let mut chosen = vec![best];
    let mut covered = best.anywhere.clone();
    // A question with two subjects, "opening hours and delivery", needs two articles.
    let adds_subject = |found: &&Match<'_>, covered: &[bool]| {
        (0..terms.len())
            .any(|index| found.in_title[index] && !covered[index] && !terms[index].is_weak)
    };
    if let Some(second) = matches.iter().find(|found| adds_subject(found, &covered)) {
        for (index, covered) in covered.iter_mut().enumerate() {
            *covered |= second.anywhere[index];
        }
        chosen.push(second);
    }

    let coverage = coverage(terms, &covered, WEAK);
    let telling_coverage = self::coverage(terms, &covered, 0.0);
    let title_tells = chosen
        .iter()
        .any(|found| (0..terms.len()).any(|index| found.in_title[index] && !terms[index].is_weak));
    let telling = terms.iter().filter(|term| !term.is_weak).count();
    let near = if telling >= LONG_QUESTION { IS_NEAR_IF_LONG } else { IS_NEAR };
    let quotes = || quotes(&chosen, terms, &weights);
    if coverage >= ANSWERS {
        Finding::Answer(quotes())
    } else if telling_coverage > IS_NEAR || (coverage >= near && title_tells) {
        Finding::Near(quotes())
    } else {
        Finding::Nothing
    }
}

fn match_of<'a>(terms: &[QueryTerm], passage: &'a Passage) -> Match<'a> {
    let title = TermSet::of(&passage.title);
    let text = TermSet::of(&passage.text);
    let in_title: Vec<bool> = terms.iter().map(|term| title.has(term)).collect();
    let anywhere = terms.iter().zip(&in_title).map(|(term, in_title)| *in_title || text.has(term));
    Match { passage, anywhere: anywhere.collect(), in_title }
}

/// Rarer terms tell passages apart better, so they weigh more when passages are compared.
fn weights(terms: &[QueryTerm], matches: &[Match<'_>]) -> Vec<f64> {
    let count = matches.len() as f64;
    let weight = |(index, term): (usize, &QueryTerm)| {
        let with_term = matches.iter().filter(|found| found.anywhere[index]).count() as f64;
        let rarity = 1.0 + ((count + 1.0) / (with_term + 1.0)).ln();
        if term.is_weak { WEAK * rarity } else { rarity }
    };
    terms.iter().enumerate().map(weight).collect()
}

/// Which part of the question is covered, 0 to 1. Rarity plays no role here: a term that no
/// passage has must count as much as one that all have. `weak` is what a weak term counts.
fn coverage(terms: &[QueryTerm], covered: &[bool], weak: f64) -> f64 {
    let weight = |term: &QueryTerm| if term.is_weak { weak } else { 1.0 };
    let all: f64 = terms.iter().map(weight).sum();
    let found: f64 = terms
        .iter()
        .zip(covered)
        .filter(|(_, covered)| **covered)
        .map(|(term, _)| weight(term))
        .sum();
    found / all
}

fn quotes(chosen: &[&Match<'_>], terms: &[QueryTerm], weights: &[f64]) -> Vec<Quote> {
    let weighed: Vec<WeighedTerm<'_>> = terms
        .iter()
        .zip(weights)
        .map(|(term, weight)| WeighedTerm { term, weight: *weight })
        .collect();
    chosen
        .iter()
        .map(|found| Quote {
            title: found.passage.title.trim().to_owned(),
            text: excerpt(&found.passage.text, &weighed),
        })
        .filter(|quote| !quote.text.is_empty())
        .collect()
}
