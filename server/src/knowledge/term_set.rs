use std::collections::HashSet;

use super::query::QueryTerm;
use super::words::{TermKind, fold, stem, terms};

/// How much of a term's weight counts if there is only another word of the same meaning.
const SYNONYM_SHARE: f64 = 0.5;

/// The terms of a text, for asking whether a question's terms are in it.
pub struct TermSet {
    texts: HashSet<String>,
    stems: HashSet<String>,
}

impl TermSet {
    /// The terms of a text as it is.
    pub fn of(text: &str) -> Self {
        let folded = fold(text);
        let mut set = Self { texts: HashSet::new(), stems: HashSet::new() };
        for term in terms(&folded) {
            set.texts.insert(term.text.to_owned());
            if term.kind == TermKind::Word {
                set.stems.insert(stem(term.text).to_owned());
            }
        }
        set
    }

    /// Whether the term or a word of the same meaning is in the text.
    pub fn has(&self, term: &QueryTerm) -> bool {
        self.share(term) > 0.0
    }

    /// How much of the term the text has: all of it with a form of the word, or with a compound
    /// that begins with a longer word; a part with another word of the same meaning.
    pub fn share(&self, term: &QueryTerm) -> f64 {
        let begins = |prefix: &str| self.texts.iter().any(|text| text.starts_with(prefix));
        let chars = term.stem().chars().count();
        let is_there = match term.kind {
            TermKind::Word => {
                self.texts.contains(&term.text)
                    || self.stems.contains(term.stem())
                    || (chars >= 5 && begins(term.stem()))
            }
            TermKind::Gram | TermKind::Tail if chars == 1 => begins(&term.text),
            TermKind::Gram | TermKind::Tail => self.texts.contains(&term.text),
        };
        if is_there {
            1.0
        } else if term.synonyms.iter().any(|synonym| self.stems.contains(stem(synonym))) {
            SYNONYM_SHARE
        } else {
            0.0
        }
    }
}
