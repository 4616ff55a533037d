use std::collections::HashSet;

use super::QueryTerm;
use crate::index::{Indexer, word_forms};
use crate::language::typing::edits;
use crate::language::words::TermKind;
use crate::language::{LanguageSet, TextLanguage};

/// How much of a term's weight counts if there is only another word of the same meaning.
const SYNONYM_SHARE: f64 = 0.5;
/// The same for a word that begins alike or is mistyped.
const ALIKE_SHARE: f64 = 0.4;
/// Shortest word that another one may go on from, in characters.
const COMPOUND_CHARS: usize = 5;
/// Part of the longer word that two words must begin with alike.
const ALIKE_PART: f64 = 0.6;
/// Shortest beginning that two words are recognised by, in characters.
const ALIKE_CHARS: usize = 4;
/// Fewest characters of a word that may have one typing error, or two.
const ONE_ERROR_CHARS: usize = 5;
const TWO_ERRORS_CHARS: usize = 8;

/// The terms of a text, as the search index would have them, for asking whether a question's terms
/// are in it.
pub struct TermSet {
    languages: LanguageSet,
    texts: HashSet<String>,
}

impl TermSet {
    /// The terms of a text in a language.
    pub fn of(text: &str, language: TextLanguage) -> Self {
        let mut languages = LanguageSet::default();
        languages.insert(language);
        let terms = Indexer::of_language(language).terms(text).terms;
        Self { languages, texts: terms.into_iter().map(|(text, _)| text).collect() }
    }

    /// Whether the term or a word of the same meaning is in the text.
    pub fn has(&self, term: &QueryTerm) -> bool {
        self.share(term) > 0.0
    }

    /// How much of the term the text has: all of it with a form of the word, or with a compound
    /// that begins with a longer word; a part with a word that is much like it, or with another
    /// one of the same meaning.
    pub fn share(&self, term: &QueryTerm) -> f64 {
        if term.kind != TermKind::Word {
            let is_lone = term.text.chars().nth(1).is_none();
            let begins = || self.texts.iter().any(|text| text.starts_with(&term.text));
            let is_there = self.texts.contains(&term.text) || (is_lone && begins());
            return f64::from(u8::from(is_there));
        }
        let forms = word_forms(&term.typed, self.languages);
        if forms.iter().any(|form| self.has_form(form)) {
            return 1.0;
        }
        if !term.text.chars().any(char::is_numeric)
            && forms.iter().any(|form| self.texts.iter().any(|text| is_alike(form, text)))
        {
            return ALIKE_SHARE;
        }
        let mut synonyms = term.synonyms.iter();
        let is_there = synonyms.any(|synonym| {
            word_forms(synonym, self.languages).iter().any(|form| self.texts.contains(form))
        });
        if is_there { SYNONYM_SHARE } else { 0.0 }
    }

    fn has_form(&self, form: &str) -> bool {
        self.texts.contains(form)
            || (form.chars().count() >= COMPOUND_CHARS
                && self.texts.iter().any(|text| text.starts_with(form)))
    }
}

/// Whether two words have most of their beginning in common, or differ by typing errors.
fn is_alike(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let common = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    if common == 0 {
        return false;
    }
    let longer = a.len().max(b.len());
    if common >= ALIKE_CHARS && common as f64 >= ALIKE_PART * longer as f64 {
        return true;
    }
    match a.len().min(b.len()) {
        TWO_ERRORS_CHARS.. => edits(&a, &b, 2).is_some(),
        ONE_ERROR_CHARS.. => edits(&a, &b, 1).is_some(),
        _ => false,
    }
}
