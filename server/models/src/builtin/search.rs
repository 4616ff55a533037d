//! Whether the passages answer a question, and with which words.

use super::excerpt::{Reach, WeighedTerm, excerpt};
use crate::prompt::PromptPassage;
use cavuer_text::language::TextLanguage;
use cavuer_text::query::TermSet;
use cavuer_text::query::{QueryTerm, in_context, telling_terms};

/// How much a word such as "sell" or "need" says, beside a telling one.
const WEAK: f64 = 0.2;
/// From this part of the question on, a passage answers it.
const ANSWERS: f64 = 0.7;
/// From this part on, a passage is about the subject, if its title says so too.
const IS_NEAR: f64 = 0.5;
/// The same for long questions, which carry many words that no article has.
const IS_NEAR_IF_LONG: f64 = 0.3;
const LONG_QUESTION: usize = 4;
/// How much more a term counts in the title.
const IN_TITLE: f64 = 1.5;

/// What the passages say about a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    Answer(Vec<Quote>),
    /// A part of the question is covered, for example the subject, but not the place asked for.
    Near(Vec<Quote>),
    Nothing,
}

/// Words of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Quote {
    /// Place among the passages, from 0.
    pub passage: usize,
    pub title: String,
    /// Light Markdown, word for word.
    pub text: String,
    /// Of the whole passage.
    language: TextLanguage,
}

impl Quote {
    fn terms(&self) -> TermSet {
        TermSet::of(&format!("{}\n{}", self.title, self.text), self.language)
    }
}

/// Looks for the question in the passages; `previous` is the visitor's question before it, which
/// helps with ones like "and on Sunday?".
pub(super) fn find(question: &str, previous: Option<&str>, passages: &[PromptPassage]) -> Finding {
    let terms = telling_terms(question);
    match find_terms(&terms, passages) {
        Finding::Nothing if !terms.is_empty() => {
            let in_context = telling_terms(&in_context(question, previous));
            // Without a word of the question itself this would only answer the one before again.
            let covers_own = |quote: &Quote| {
                let quoted = quote.terms();
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
    /// Place among the passages, from 0.
    place: usize,
    passage: &'a PromptPassage,
    language: TextLanguage,
    /// By index of the term: in the title, anywhere.
    in_title: Vec<bool>,
    anywhere: Vec<bool>,
}

fn find_terms(terms: &[QueryTerm], passages: &[PromptPassage]) -> Finding {
    let matches = passages.iter().enumerate();
    let matches: Vec<Match<'_>> =
        matches.map(|(place, passage)| match_of(terms, place, passage)).collect();
    let weights = weights(terms, &matches);
    let score = |found: &Match<'_>| -> f64 { found.score(&weights) };
    let best =
        matches.iter().reduce(|best, next| if score(next) > score(best) { next } else { best });
    let Some(best) = best else { return Finding::Nothing };
    let Some(first) = quote(best, terms, &weights) else { return Finding::Nothing };

    // A question with two subjects, "opening hours and delivery", needs two articles.
    let quoted = first.terms();
    let adds_subject = |found: &&Match<'_>| {
        (0..terms.len()).any(|index| {
            found.in_title[index] && !terms[index].is_weak && !quoted.has(&terms[index])
        })
    };
    let second = matches.iter().find(adds_subject);

    let chosen: Vec<&Match<'_>> = std::iter::once(best).chain(second).collect();
    let covered: Vec<bool> =
        (0..terms.len()).map(|index| chosen.iter().any(|found| found.anywhere[index])).collect();
    let title_tells = chosen.iter().any(|found| found.has_title_of(terms));
    let quotes = || {
        std::iter::once(first.clone())
            .chain(second.and_then(|found| quote(found, terms, &weights)))
            .collect()
    };
    match verdict(terms, &covered, title_tells) {
        Verdict::Answers => Finding::Answer(quotes()),
        Verdict::IsNear => Finding::Near(quotes()),
        Verdict::IsElsewhere => Finding::Nothing,
    }
}

enum Verdict {
    Answers,
    IsNear,
    IsElsewhere,
}

fn verdict(terms: &[QueryTerm], covered: &[bool], title_tells: bool) -> Verdict {
    let telling = terms.iter().filter(|term| !term.is_weak).count();
    if telling == 0 {
        // "What products do you have?" has only weak words; a title with one of them settles it.
        let is_covered = coverage(terms, covered, 1.0) >= ANSWERS;
        return if title_tells && is_covered { Verdict::Answers } else { Verdict::IsElsewhere };
    }
    let near = if telling >= LONG_QUESTION { IS_NEAR_IF_LONG } else { IS_NEAR };
    let all = coverage(terms, covered, WEAK);
    if all >= ANSWERS {
        Verdict::Answers
    } else if coverage(terms, covered, 0.0) > IS_NEAR || (all >= near && title_tells) {
        Verdict::IsNear
    } else {
        Verdict::IsElsewhere
    }
}

impl Match<'_> {
    fn score(&self, weights: &[f64]) -> f64 {
        let of = |index: usize| match (self.in_title[index], self.anywhere[index]) {
            (true, _) => weights[index] * IN_TITLE,
            (false, true) => weights[index],
            (false, false) => 0.0,
        };
        (0..weights.len()).map(of).sum()
    }

    /// Whether the title has a telling term, or if there is none, a weak one.
    fn has_title_of(&self, terms: &[QueryTerm]) -> bool {
        let only_weak = terms.iter().all(|term| term.is_weak);
        (0..terms.len()).any(|index| self.in_title[index] && (only_weak || !terms[index].is_weak))
    }

    /// Whether the title has all telling terms: the question is about the article's subject.
    fn is_subject(&self, terms: &[QueryTerm]) -> bool {
        (0..terms.len()).all(|index| self.in_title[index] || terms[index].is_weak)
    }
}

fn match_of<'a>(terms: &[QueryTerm], place: usize, passage: &'a PromptPassage) -> Match<'a> {
    let language = TextLanguage::of(&format!("{}\n{}", passage.title, passage.text));
    let title = TermSet::of(&passage.title, language);
    let text = TermSet::of(&passage.text, language);
    let in_title: Vec<bool> = terms.iter().map(|term| title.has(term)).collect();
    let anywhere = terms.iter().zip(&in_title).map(|(term, in_title)| *in_title || text.has(term));
    Match { place, passage, language, anywhere: anywhere.collect(), in_title }
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

/// The passage's best words; `None` if it has none.
fn quote(found: &Match<'_>, terms: &[QueryTerm], weights: &[f64]) -> Option<Quote> {
    let weighed: Vec<WeighedTerm<'_>> = terms
        .iter()
        .zip(weights)
        .map(|(term, weight)| WeighedTerm { term, weight: *weight })
        .collect();
    let reach = if found.is_subject(terms) { Reach::PromptPassage } else { Reach::Paragraph };
    let text = excerpt(&found.passage.text, found.language, &weighed, reach);
    let title = found.passage.title.trim().to_owned();
    let (passage, language) = (found.place, found.language);
    (!text.is_empty()).then_some(Quote { passage, title, text, language })
}
