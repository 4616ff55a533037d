//! What is indexed of a passage, and the ways in which a word of a question may stand in the index.

use std::collections::HashMap;

use crate::language::fillers::is_han;
use crate::language::words::{TermKind, fold, normal, terms};
use crate::language::{LanguageSet, TextLanguage};

/// How the indexing works now: an index that was made in another way is made anew. To be raised
/// with every change of what is indexed.
pub const INDEX_VERSION: u32 = 2;

/// Terms beyond this length say nothing: they come from encoded data.
const MAX_TERM_CHARS: usize = 40;

/// What is indexed of a passage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassageTerms {
    /// That of the whole article, by which its words were stemmed.
    pub language: TextLanguage,
    /// How many words it has.
    pub length: u32,
    /// Each term once.
    pub terms: Vec<(String, Occurrences)>,
}

/// How often a term stands in a passage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Occurrences {
    /// Times in the article's title; 255 stands for any more.
    pub in_title: u8,
    /// Times in the passage's own text; 255 stands for any more.
    pub in_text: u8,
}

/// Makes the terms of an article's passages.
pub struct Indexer {
    language: TextLanguage,
    title: Vec<String>,
    /// Words that came before, with their terms.
    known: HashMap<String, Vec<String>>,
}

impl Indexer {
    /// For the passages of one article; `sample` is its text or the beginning of it.
    pub fn new(title: &str, sample: &str) -> Self {
        let language = TextLanguage::of(&format!("{title}\n{sample}"));
        let mut indexer = Self::of_language(language);
        let mut in_title = Vec::new();
        indexer.each_term(title, |term| in_title.push(term.to_owned()));
        indexer.title = in_title;
        indexer
    }

    /// For texts in a known language, without a title.
    pub fn of_language(language: TextLanguage) -> Self {
        Self { language, title: Vec::new(), known: HashMap::new() }
    }

    /// The terms of a passage and of its article's title.
    pub fn terms(&mut self, text: &str) -> PassageTerms {
        let mut places: HashMap<String, Occurrences> = HashMap::new();
        for term in &self.title {
            let occurrences = places.entry(term.clone()).or_default();
            occurrences.in_title = occurrences.in_title.saturating_add(1);
        }
        let length = self.each_term(text, |term| match places.get_mut(term) {
            Some(occurrences) => occurrences.in_text = occurrences.in_text.saturating_add(1),
            None => {
                places.insert(term.to_owned(), Occurrences { in_title: 0, in_text: 1 });
            }
        });
        let mut terms: Vec<_> = places.into_iter().collect();
        terms.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        PassageTerms { language: self.language, length, terms }
    }

    /// Visits each term of a text, and counts its words.
    fn each_term(&mut self, text: &str, mut visit: impl FnMut(&str)) -> u32 {
        let mut words = 0;
        let normal = normal(text);
        for term in terms(&normal) {
            words += 1;
            if term.kind != TermKind::Word {
                let gram = fold(term.text);
                visit(&gram);
                // A Chinese character often means something alone.
                let second = gram.char_indices().nth(1);
                if let Some((end, _)) = second.filter(|_| gram.starts_with(is_han)) {
                    visit(&gram[..end]);
                }
                continue;
            }
            if term.text.chars().count() > MAX_TERM_CHARS {
                continue;
            }
            if !self.known.contains_key(term.text) {
                let forms = forms(term.text, [self.language].into_iter());
                self.known.insert(term.text.to_owned(), forms);
            }
            for form in &self.known[term.text] {
                visit(form);
            }
        }
        words
    }
}

/// The terms under which a word of a question, in its normal form, may be found in texts of these
/// languages.
pub fn word_forms(word: &str, languages: LanguageSet) -> Vec<String> {
    let mut all = forms(word, languages.with_english());
    let plain = fold(word);
    if !all.contains(&plain) {
        all.push(plain);
    }
    all
}

/// The stems of a word without its diacritics, and the stems that it has when it is typed without
/// them, which stemmers do not always take for the same word.
fn forms(word: &str, languages: impl Iterator<Item = TextLanguage>) -> Vec<String> {
    let plain = fold(word);
    let bare = without_proclitic(&plain);
    let mut all: Vec<String> = Vec::new();
    for language in languages {
        for spelling in [Some(word), Some(plain.as_str()), bare].into_iter().flatten() {
            let form = fold(&language.stem(spelling));
            if !form.is_empty() && !all.contains(&form) {
                all.push(form);
            }
        }
    }
    all
}

/// Arabic's words for "and", "for" and "with", which are written together with the next word.
/// Its stemmer leaves them in front of words without an article.
const PROCLITICS: [char; 3] = ['و', 'ل', 'ب'];
/// Fewest letters of the word behind.
const LETTERS_BEHIND: usize = 4;

fn without_proclitic(folded: &str) -> Option<&str> {
    let rest = folded.strip_prefix(PROCLITICS)?;
    (rest.chars().count() >= LETTERS_BEHIND).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn indexed(title: &str, text: &str) -> Vec<(String, Occurrences)> {
        Indexer::new(title, text).terms(text).terms
    }

    fn has(terms: &[(String, Occurrences)], term: &str, in_title: u8, in_text: u8) -> bool {
        terms.contains(&(term.to_owned(), Occurrences { in_title, in_text }))
    }

    #[test]
    fn title_and_text_are_counted_apart() {
        let text = "We deliver within two days. Deliveries abroad take longer.";
        let terms = indexed("Delivery", text);
        assert!(has(&terms, "deliveri", 1, 1), "{terms:?}");
        assert!(has(&terms, "deliv", 0, 1) || has(&terms, "deliver", 0, 1), "{terms:?}");
        assert!(has(&terms, "day", 0, 1), "{terms:?}");
    }

    #[test]
    fn scripts_without_spaces_are_indexed_in_pairs() {
        let terms = indexed("", "营业时间");
        let texts: Vec<_> = terms.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(texts, ["业", "业时", "时", "时间", "营", "营业", "间"]);
    }

    #[test]
    fn words_are_found_with_and_without_diacritics() {
        let text = "Unsere Öffnungszeiten sind an jedem Werktag gleich.";
        let terms = indexed("", text);
        let mut german = LanguageSet::default();
        german.insert(TextLanguage::of(text));
        for typed in ["öffnungszeiten", "offnungszeiten", "öffnungszeit"] {
            let forms = word_forms(typed, german);
            let found = forms.iter().any(|form| terms.iter().any(|(term, _)| term == form));
            assert!(found, "{typed} {forms:?} {terms:?}");
        }
    }

    #[test]
    fn arabic_words_are_found_behind_and_for_and_with() {
        let mut arabic = LanguageSet::default();
        arabic.insert(TextLanguage::of("كيف أتقدم لوظيفة عندكم"));
        let forms = |word| word_forms(word, arabic);
        let job = forms("وظيفة");
        assert!(forms("لوظيفة").iter().any(|form| job.contains(form)));
        // A short word is no other word with something in front.
        assert_eq!(without_proclitic("ولد"), None);
    }

    #[test]
    fn endless_words_are_left_out() {
        assert!(indexed("", &"a".repeat(500)).is_empty());
    }
}
