//! What a question is looked up by in an index, and what it finds there.
//!
//! A term of the question stands for a group of the index's terms: everything that it may look
//! like in a text. The forms of the word count in full; words that begin alike (compounds and
//! derivations, in German, Turkish or Russian), words of the same meaning and, for a word that no
//! text has, words that differ by a typing error count in part.
//!
//! Whoever keeps the index answers in bulk: first which of the terms of a [`Lookup`] there are,
//! then the postings of [`Search::terms`].

use std::collections::{BTreeMap, HashSet};
use std::ops::RangeInclusive;

use crate::index::{TermId, word_forms};
use crate::language::LanguageSet;
use crate::language::fillers::is_han;
use crate::language::typing::edits;
use crate::language::words::TermKind;
use crate::query::QueryTerm;

/// What a word that begins alike counts, if almost all of it does.
const ALIKE: f32 = 0.6;
/// What a word of the same meaning counts.
const SYNONYM: f32 = 0.5;
/// What a word that differs by one or two typing errors counts.
const MISTYPED: [f32; 3] = [1.0, 0.85, 0.6];
/// Fewest characters of a word that may have one typing error, or two.
const ONE_ERROR_CHARS: usize = 4;
const TWO_ERRORS_CHARS: usize = 8;
/// Shortest beginning that two words are recognised by, in characters.
const PREFIX_CHARS: usize = 4;
/// Part of both words that must be alike.
const PREFIX_SHARE: f32 = 0.5;
/// Most terms that a group takes in beside the forms of its word.
const MAX_RELATED: usize = 32;
/// Most pairs that one character stands for.
const MAX_PAIRS: usize = 256;
/// Most terms that are looked at for one beginning.
const MAX_SCANNED: usize = 20_000;

/// Terms that an index is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lookup {
    /// By their whole text, each once.
    pub texts: Vec<String>,
    /// By how they begin, each with its own bounds.
    pub beginnings: Vec<Beginning>,
}

/// Terms that begin alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beginning {
    /// What they begin with, folded; may be one character.
    pub text: String,
    /// How many characters such a term may have.
    pub chars: RangeInclusive<usize>,
    /// Most terms, the first by the bytes of their UTF-8.
    pub most: usize,
}

/// Terms of an index by their texts.
pub type Vocabulary = BTreeMap<String, TermId>;

/// A question on its way through an index.
#[derive(Clone, Debug)]
pub struct Search {
    query: Vec<QueryTerm>,
    words: Vec<Forms>,
    groups: Vec<Group>,
}

/// A term of the question as it may stand in the index.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    pub exact: Vec<TermId>,
    /// Others, and what they count.
    pub related: Vec<(TermId, f32)>,
}

/// The texts under which a term of the question may stand in the index.
#[derive(Clone, Debug)]
struct Forms {
    own: Vec<String>,
    synonyms: Vec<String>,
}

impl Search {
    /// For a question's terms among passages in these languages.
    pub fn new(query: Vec<QueryTerm>, languages: LanguageSet) -> Self {
        let forms = |term: &QueryTerm| match term.kind {
            TermKind::Word => Forms {
                own: word_forms(&term.typed, languages),
                synonyms: term
                    .synonyms
                    .iter()
                    .flat_map(|word| word_forms(word, languages))
                    .collect(),
            },
            TermKind::Gram | TermKind::Tail => {
                Forms { own: vec![term.text.clone()], synonyms: Vec::new() }
            }
        };
        let words = query.iter().map(forms).collect();
        let groups = vec![Group::default(); query.len()];
        Self { query, words, groups }
    }

    /// What is to be looked up first.
    pub fn lookup(&self) -> Lookup {
        let (mut texts, mut beginnings) = (HashSet::new(), Vec::new());
        for (term, forms) in self.query.iter().zip(&self.words) {
            if stands_for_pairs(term) {
                let text = term.text.clone();
                beginnings.push(Beginning { text, chars: 0..=usize::MAX, most: MAX_PAIRS });
                continue;
            }
            texts.extend(forms.own.iter().chain(&forms.synonyms).cloned());
            if has_relatives(term) {
                beginnings.extend(forms.own.iter().filter_map(|form| shortest_beginning(form)));
            }
        }
        let mut texts: Vec<String> = texts.into_iter().collect();
        texts.sort_unstable();
        Lookup { texts, beginnings }
    }

    /// Takes in what [`Search::lookup`] brought.
    pub fn learn(&mut self, vocabulary: &Vocabulary) {
        let known = |texts: &[String]| -> Vec<TermId> {
            texts.iter().filter_map(|text| vocabulary.get(text).copied()).collect()
        };
        for ((term, forms), group) in self.query.iter().zip(&self.words).zip(&mut self.groups) {
            if stands_for_pairs(term) {
                let pairs = beginning_with(vocabulary, &term.text).take(MAX_PAIRS);
                group.exact = pairs.map(|(_, term)| *term).collect();
                continue;
            }
            group.exact = known(&forms.own);
            if has_relatives(term) {
                group.related = forms.own.iter().flat_map(|form| alike(vocabulary, form)).collect();
            }
            let synonyms = known(&forms.synonyms).into_iter().map(|term| (term, SYNONYM));
            group.related.extend(synonyms);
        }
    }

    /// What else is to be looked up, for words that no text has; `None` if nothing.
    pub fn second_lookup(&self) -> Option<Lookup> {
        let mut beginnings: Vec<Beginning> = Vec::new();
        for (forms, _) in self.unknown_words() {
            for (form, errors) in mistakable(forms) {
                let Some(first) = form.first() else { continue };
                let text = first.to_string();
                let (shortest, longest) = (form.len().saturating_sub(errors), form.len() + errors);
                match beginnings.iter_mut().find(|beginning| beginning.text == text) {
                    Some(beginning) => {
                        let (least, most) = beginning.chars.clone().into_inner();
                        beginning.chars = least.min(shortest)..=most.max(longest);
                    }
                    None => beginnings.push(Beginning {
                        text,
                        chars: shortest..=longest,
                        most: MAX_SCANNED,
                    }),
                }
            }
        }
        (!beginnings.is_empty()).then(|| Lookup { texts: Vec::new(), beginnings })
    }

    /// Takes in what [`Search::second_lookup`] brought.
    pub fn learn_more(&mut self, vocabulary: &Vocabulary) {
        let mistyped: Vec<(usize, Vec<(TermId, f32)>)> = self
            .unknown_words()
            .map(|(forms, number)| (number, mistyped(vocabulary, forms)))
            .collect();
        for (number, found) in mistyped {
            self.groups[number].related.extend(found);
        }
    }

    /// The terms whose postings are wanted, each once. Nothing more is to be learnt after this.
    pub fn terms(&mut self) -> Vec<TermId> {
        let mut wanted = HashSet::new();
        for group in &mut self.groups {
            group.settle();
            wanted.extend(group.exact.iter().chain(group.related.iter().map(|(term, _)| term)));
        }
        let mut wanted: Vec<TermId> = wanted.into_iter().collect();
        wanted.sort_unstable();
        wanted
    }

    pub(super) fn query(&self) -> &[QueryTerm] {
        &self.query
    }

    pub(super) fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The words of the question that no text has, each with its number.
    fn unknown_words(&self) -> impl Iterator<Item = (&Forms, usize)> {
        let all = self.query.iter().zip(&self.words).zip(&self.groups).enumerate();
        all.filter(|(_, ((term, _), group))| has_relatives(term) && group.exact.is_empty())
            .map(|(number, ((_, forms), _))| (forms, number))
    }
}

impl Group {
    /// Keeps of the related terms those that count most, each once.
    fn settle(&mut self) {
        let Self { exact, related } = self;
        related.retain(|(term, _)| !exact.contains(term));
        related.sort_by(|a, b| b.1.total_cmp(&a.1));
        let mut seen = HashSet::new();
        related.retain(|(term, _)| seen.insert(*term));
        related.truncate(MAX_RELATED);
    }
}

/// Two characters are a term; one alone stands for all pairs that begin with it.
fn stands_for_pairs(term: &QueryTerm) -> bool {
    let is_term = term.text.chars().nth(1).is_some() || term.text.starts_with(is_han);
    term.kind != TermKind::Word && !is_term
}

/// A number has neither compounds nor typing errors.
fn has_relatives(term: &QueryTerm) -> bool {
    term.kind == TermKind::Word && !term.text.chars().any(char::is_numeric)
}

/// The shortest beginning that a word has in common with those that count as alike: what is longer
/// is found on the way. `None` for words too short to have any.
fn shortest_beginning(form: &str) -> Option<Beginning> {
    let letters: Vec<(usize, char)> = form.char_indices().collect();
    if letters.len() < PREFIX_CHARS {
        return None;
    }
    let least = ((letters.len() as f32 * PREFIX_SHARE).ceil() as usize).max(PREFIX_CHARS);
    let end = letters.get(least).map_or(form.len(), |(end, _)| *end);
    Some(Beginning { text: form[..end].to_owned(), chars: 0..=usize::MAX, most: MAX_SCANNED })
}

/// Terms that have their beginning in common with a form of the word, and what they count.
fn alike(vocabulary: &Vocabulary, form: &str) -> Vec<(TermId, f32)> {
    let Some(beginning) = shortest_beginning(form) else { return Vec::new() };
    let letters = form.chars().count();
    let terms = beginning_with(vocabulary, &beginning.text).filter_map(|(text, term)| {
        let common = text.chars().zip(form.chars()).take_while(|(a, b)| a == b).count();
        let longest = text.chars().count().max(letters);
        let share = common as f32 / longest as f32;
        // A word that goes on where the other ends is one of its compounds.
        let share = if common == letters { share.max(0.7) } else { share };
        (share >= PREFIX_SHARE).then_some((*term, ALIKE * share))
    });
    terms.collect()
}

/// Terms that a word may have been before it was mistyped, and what they count.
fn mistyped(vocabulary: &Vocabulary, forms: &Forms) -> Vec<(TermId, f32)> {
    let forms: Vec<(Vec<char>, usize)> = mistakable(forms).collect();
    let firsts: HashSet<char> =
        forms.iter().filter_map(|(letters, _)| letters.first().copied()).collect();
    let (mut found, mut other) = (Vec::new(), Vec::new());
    for first in firsts {
        for (text, term) in beginning_with(vocabulary, &first.to_string()) {
            other.clear();
            other.extend(text.chars());
            let errors = forms.iter().filter_map(|(form, most)| edits(form, &other, *most));
            if let Some(errors) = errors.min() {
                found.push((*term, MISTYPED[errors]));
            }
        }
    }
    found
}

/// The forms of a word that may have typing errors, and how many.
fn mistakable(forms: &Forms) -> impl Iterator<Item = (Vec<char>, usize)> {
    let letters = forms.own.iter().map(|form| form.chars().collect::<Vec<_>>());
    letters.filter_map(|letters| match letters.len() {
        TWO_ERRORS_CHARS.. => Some((letters, 2)),
        ONE_ERROR_CHARS.. => Some((letters, 1)),
        _ => None,
    })
}

fn beginning_with<'a>(
    vocabulary: &'a Vocabulary,
    text: &'a str,
) -> impl Iterator<Item = (&'a String, &'a TermId)> {
    let from =
        vocabulary.range::<str, _>((std::ops::Bound::Included(text), std::ops::Bound::Unbounded));
    from.take_while(move |(term, _)| term.starts_with(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::query_terms;

    fn search(question: &str, texts: &[&str]) -> (Search, Vec<String>) {
        let all: Vocabulary =
            (0..).zip(texts).map(|(id, text)| ((*text).to_owned(), TermId(id))).collect();
        let asked = |lookup: &Lookup| -> Vocabulary {
            let wanted = |text: &str| {
                let fits = |beginning: &Beginning| {
                    text.starts_with(&beginning.text)
                        && beginning.chars.contains(&text.chars().count())
                };
                lookup.texts.iter().any(|wanted| wanted == text)
                    || lookup.beginnings.iter().any(fits)
            };
            all.iter().filter(|(text, _)| wanted(text)).map(|(t, id)| (t.clone(), *id)).collect()
        };
        let mut search = Search::new(query_terms(question), LanguageSet::default());
        search.learn(&asked(&search.lookup()));
        if let Some(lookup) = search.second_lookup() {
            search.learn_more(&asked(&lookup));
        }
        let terms = search.terms();
        let named = all.into_iter().filter(|(_, id)| terms.contains(id)).map(|(text, _)| text);
        (search, named.collect())
    }

    #[test]
    fn a_word_stands_for_its_forms_its_compounds_and_its_synonyms() {
        let (search, named) =
            search("warranty", &["warranti", "warrantyclaim", "guarante", "banana", "warm"]);
        assert!(named.contains(&"warranti".to_owned()), "{named:?}");
        assert!(named.contains(&"warrantyclaim".to_owned()), "{named:?}");
        assert!(!named.contains(&"banana".to_owned()) && !named.contains(&"warm".to_owned()));
        let group = &search.groups()[0];
        assert_eq!(group.exact.len(), 1);
        assert!(
            group.related.iter().all(|(term, count)| *count < 1.0 && !group.exact.contains(term))
        );
    }

    #[test]
    fn typing_errors_are_looked_for_where_no_text_has_the_word() {
        let (_, named) = search("warrenty", &["warranti", "warrant"]);
        assert_eq!(named, ["warrant", "warranti"]);
        let known = Search::new(query_terms("tea"), LanguageSet::default());
        assert_eq!(known.second_lookup(), None, "too short to have any");
        let (search, _) = search("warranty", &["warranti"]);
        assert_eq!(search.second_lookup(), None, "a text has it");
    }

    #[test]
    fn one_character_stands_for_its_pairs() {
        let (_, named) = search("จ", &["จั", "จะ", "การ"]);
        assert_eq!(named, ["จะ", "จั"]);
    }
}
