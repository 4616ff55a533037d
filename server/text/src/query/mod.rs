//! What a visitor's question says: its telling terms.

mod excerpt;
mod term_set;

use std::borrow::Cow;
use std::collections::HashSet;

use crate::language::fillers::{Fillers, is_han, is_hiragana, is_kana};
use crate::language::synonyms::synonyms;
use crate::language::words::{TermKind, fold, normal, terms};

pub use excerpt::excerpt;
pub use term_set::TermSet;

/// Most terms that are searched for; a bound on the work that one question can cause.
const MAX_TERMS: usize = 48;

/// Questions with fewer telling terms than this are read together with the one before.
const SELF_SUFFICIENT_TERMS: usize = 3;

/// A term of a question that says something about what is asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct QueryTerm {
    /// Folded.
    pub text: String,
    /// As it was typed, in lower case.
    pub typed: String,
    /// A word, a pair of characters, or (as [`TermKind::Tail`]) a single Chinese character.
    pub kind: TermKind,
    /// It begins at the second character of the term before it, so both stand for one word.
    pub follows: bool,
    /// A word such as "sell" or "need": it may be what is asked about, but mostly it is not.
    pub is_weak: bool,
    /// Folded words that mean the same.
    pub synonyms: &'static [String],
}

/// The telling terms of a question, each once, in order; at most 48.
pub fn query_terms(question: &str) -> Vec<QueryTerm> {
    let fillers = Fillers::get();
    let normal = normal(question);
    let languages = fillers.languages_of(&fold(&normal));
    let normal = fillers.without_joined(&normal);
    let is_japanese = normal.chars().any(is_kana);
    let mut found: Vec<QueryTerm> = Vec::new();
    let mut seen = HashSet::new();
    let mut singles = Vec::new();
    let mut before = None;
    for term in terms(&normal) {
        let text = fold(term.text);
        let is_wanted = match term.kind {
            TermKind::Word => {
                let is_filler = fillers.is_filler(&text, languages);
                !is_single_letter(&text) && (!is_filler || fillers.is_weak(&text))
            }
            TermKind::Gram => !(is_japanese && is_grammar(&text)),
            TermKind::Tail => false,
        };
        if let Some(single) = single_of(&text).filter(|single| seen.insert((*single).to_owned())) {
            singles.push(QueryTerm {
                text: single.to_owned(),
                typed: single.to_owned(),
                kind: TermKind::Tail,
                follows: false,
                is_weak: false,
                synonyms: &[],
            });
        }
        if !is_wanted || !seen.insert(text.clone()) {
            continue;
        }
        let start = term.text.as_ptr().addr();
        let follows = term.kind == TermKind::Gram && before == Some(start);
        before = term.text.chars().next().map(|first| start + first.len_utf8());
        found.push(QueryTerm {
            typed: term.text.to_owned(),
            kind: term.kind,
            follows,
            is_weak: fillers.is_weak(&text),
            synonyms: synonyms(&text),
            text,
        });
        if found.len() == MAX_TERMS {
            break;
        }
    }
    found.extend(singles);
    found.truncate(MAX_TERMS);
    found
}

/// The telling terms of a text without the single characters, which stand in pairs as well.
pub fn telling_terms(text: &str) -> Vec<QueryTerm> {
    let mut terms = query_terms(text);
    terms.retain(|term| term.kind != TermKind::Tail);
    terms
}

/// The Chinese character that a pair begins with, or that ends a run.
fn single_of(gram: &str) -> Option<&str> {
    let mut chars = gram.char_indices();
    let (_, first) = chars.next()?;
    is_han(first).then(|| chars.next().map_or(gram, |(end, _)| &gram[..end]))
}

/// The particles that follow a Japanese noun.
const PARTICLES: [char; 11] = ['は', 'が', 'を', 'に', 'の', 'と', 'で', 'も', 'へ', 'や', 'か'];

/// In Japanese the hiragana between and after the nouns is grammar, but the first of it behind a
/// Chinese character may belong to a verb.
fn is_grammar(gram: &str) -> bool {
    let mut chars = gram.chars();
    chars.next().is_some_and(is_hiragana) || chars.next().is_some_and(|c| PARTICLES.contains(&c))
}

/// The question, followed by the one before it if it is too short to stand alone, as in "and on
/// Sunday?".
pub fn in_context<'a>(question: &'a str, previous: Option<&str>) -> Cow<'a, str> {
    match previous {
        Some(previous) if query_terms(question).len() < SELF_SUFFICIENT_TERMS => {
            Cow::Owned(format!("{question}\n{previous}"))
        }
        _ => Cow::Borrowed(question),
    }
}

/// What is left of "don't" and "l'heure" beside the word.
fn is_single_letter(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(question: &str) -> Vec<String> {
        let terms = query_terms(question).into_iter();
        terms.filter(|term| term.kind != TermKind::Tail).map(|term| term.text).collect()
    }

    #[test]
    fn a_chinese_character_counts_alone_as_well() {
        let singles: Vec<String> = query_terms("列宽怎么调？")
            .into_iter()
            .filter(|term| term.kind == TermKind::Tail)
            .map(|term| term.text)
            .collect();
        assert_eq!(singles, ["列", "宽", "调"]);
    }

    #[test]
    fn fillers_go_and_content_stays() {
        assert_eq!(words("When are you open on Sunday?"), ["open", "sunday"]);
        assert_eq!(words("How do I return an item?"), ["return", "item"]);
        assert_eq!(words("Wann haben Sie sonntags geöffnet?"), ["sonntags", "geoffnet"]);
        assert_eq!(words("請問營業時間是什麼？"), ["營業", "業時", "時間"]);
        assert_eq!(words("営業時間は何時ですか"), ["営業", "業時", "時間", "何時"]);
        assert_eq!(words("Сколько стоит доставка?"), ["стоит", "доставка"]);
        assert!(words("hello, how are you?").is_empty());
    }

    #[test]
    fn a_long_question_is_bounded() {
        let question: String = (0..500).map(|n| format!("word{n} ")).collect();
        assert_eq!(query_terms(&question).len(), MAX_TERMS);
    }

    #[test]
    fn a_short_question_is_read_with_the_one_before() {
        assert_eq!(
            in_context("And on Sunday?", Some("When are you open?")),
            "And on Sunday?\nWhen are you open?"
        );
        let whole = "How long does standard delivery to France take?";
        assert_eq!(in_context(whole, Some("Hi")), whole);
    }
}
