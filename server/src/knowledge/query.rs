//! From a visitor's question to search terms, and from a text to what is indexed of it. Both go
//! through the same folding, so that they meet.

use std::borrow::Cow;
use std::collections::HashSet;

use super::fillers::{Fillers, is_han, is_hiragana};
use super::synonyms::synonyms;
use super::words::{TermKind, fold, stem, terms};

/// Most terms that are searched for; a bound on the work that one question can cause.
const MAX_TERMS: usize = 24;

/// Questions with fewer telling terms than this are read together with the one before.
const SELF_SUFFICIENT_TERMS: usize = 3;

/// Shortest stem that also finds longer words, in characters.
const MIN_PREFIX_CHARS: usize = 4;

/// A term of a question that says something about what is asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct QueryTerm {
    /// Folded.
    pub text: String,
    pub kind: TermKind,
    /// A word such as "sell" or "need": it may be what is asked about, but mostly it is not.
    pub is_weak: bool,
    /// Folded words that mean the same.
    pub synonyms: &'static [String],
}

impl QueryTerm {
    /// What the forms of the word have in common.
    pub fn stem(&self) -> &str {
        match self.kind {
            TermKind::Word => stem(&self.text),
            TermKind::Gram | TermKind::Tail => &self.text,
        }
    }
}

/// The telling terms of a question, each once, in order; at most 24.
pub fn query_terms(question: &str) -> Vec<QueryTerm> {
    let fillers = Fillers::get();
    let folded = fold(question);
    let languages = fillers.languages_of(&folded);
    let folded = fillers.without_joined(&folded);
    // In Japanese the hiragana between the nouns is grammar.
    let has_nouns = folded.chars().any(|c| is_han(c) || matches!(c, '\u{30a0}'..='\u{30ff}'));
    let mut seen = HashSet::new();
    terms(&folded)
        .filter(|term| match term.kind {
            TermKind::Word => {
                let is_filler = fillers.is_filler(term.text, languages);
                !is_single_letter(term.text) && (!is_filler || fillers.is_weak(term.text))
            }
            TermKind::Gram => !(has_nouns && term.text.chars().any(is_hiragana)),
            TermKind::Tail => false,
        })
        .filter(|term| seen.insert(term.text))
        .take(MAX_TERMS)
        .map(|term| QueryTerm {
            text: term.text.to_owned(),
            kind: term.kind,
            is_weak: fillers.is_weak(term.text),
            synonyms: synonyms(term.text),
        })
        .collect()
}

/// The question as an FTS5 query for columns that hold [`index_text`]; `None` if nothing in it
/// can be searched for, as in "hello?".
///
/// Terms are joined by OR, so that a passage need not have them all; the ranking puts those first
/// that have more and rarer ones. Each term is quoted, and nothing but letters, digits and the
/// marks of letters gets into the quotes, so no input can be a syntax error.
pub fn match_expression(question: &str) -> Option<String> {
    let mut parts = Vec::new();
    for term in query_terms(question) {
        parts.push(match term.kind {
            TermKind::Word => format!("\"{}\"", term.text),
            TermKind::Gram | TermKind::Tail if term.text.chars().nth(1).is_some() => {
                format!("\"{}\"", term.text)
            }
            TermKind::Gram | TermKind::Tail => format!("\"{}\" *", term.text),
        });
        // The index stems English. A stem that ends in s would be stemmed once more there.
        let stem = term.stem();
        if term.kind == TermKind::Word
            && stem.chars().count() >= MIN_PREFIX_CHARS
            && !stem.ends_with('s')
        {
            parts.push(format!("\"{stem}\" *"));
        }
        parts.extend(term.synonyms.iter().map(|synonym| format!("\"{synonym}\"")));
    }
    (!parts.is_empty()).then(|| parts.join(" OR "))
}

/// What is indexed of a title or a passage: its terms, folded, with a space between them.
pub fn index_text(text: &str) -> String {
    let folded = fold(text);
    let mut indexed = String::with_capacity(folded.len());
    for term in terms(&folded) {
        if !indexed.is_empty() {
            indexed.push(' ');
        }
        indexed.push_str(term.text);
    }
    indexed
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
    use proptest::prelude::*;
    use rusqlite::Connection;

    use super::*;

    fn words(question: &str) -> Vec<String> {
        query_terms(question).into_iter().map(|term| term.text).collect()
    }

    /// An index as the store keeps it, with one passage for each text.
    fn index(passages: &[&str]) -> Connection {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(
            "CREATE VIRTUAL TABLE f USING fts5 (title, body, tokenize = 'porter unicode61 remove_diacritics 2')",
        )
        .unwrap();
        for passage in passages {
            db.execute("INSERT INTO f VALUES ('', ?1)", [index_text(passage)]).unwrap();
        }
        db
    }

    fn found(db: &Connection, question: &str) -> rusqlite::Result<Vec<i64>> {
        let Some(expression) = match_expression(question) else { return Ok(Vec::new()) };
        db.prepare("SELECT rowid FROM f WHERE f MATCH ?1 ORDER BY bm25(f, 4.0, 1.0)")?
            .query_map([expression], |row| row.get(0))?
            .collect()
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
    fn other_forms_of_a_word_are_found_in_many_languages() {
        let db = index(&[
            "We deliver within two days.",
            "Die Lieferung dauert zwei Tage.",
            "Доставка занимает два дня.",
            "送货需要两天。",
            "การจัดส่งใช้เวลาสองวัน",
            "डिलीवरी में दो दिन लगते हैं।",
            "La livraison à domicile prend deux jours.",
            "배송은 이틀 걸립니다.",
        ]);
        for (question, passage) in [
            ("Are deliveries fast?", 1),
            ("Wann wird geliefert, also wann kommen Lieferungen?", 2),
            ("Сколько ждать доставку?", 3),
            ("送货要多久？", 4),
            ("送", 4),
            ("货", 4),
            ("จัดส่งกี่วัน", 5),
            ("डिलीवरी कब?", 6),
            ("livraison A DOMICILE ?", 7),
            ("배송 얼마나 걸려요?", 8),
        ] {
            assert_eq!(found(&db, question).unwrap().first(), Some(&passage), "{question}");
        }
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

    proptest! {
        #[test]
        fn no_question_is_a_syntax_error(question in any::<String>()) {
            found(&index(&["something"]), &question).unwrap();
        }

        #[test]
        fn fts_syntax_in_a_question_is_no_syntax(
            question in r#"([a-zé送"*^:(){}+\-' \x00]|AND|OR|NOT|NEAR\()*"#
        ) {
            found(&index(&["something"]), &question).unwrap();
        }

        #[test]
        fn a_passage_is_found_by_its_own_text(text in r"[a-z]{5,9} [а-я]{5,9} [一-龥]{2,4}") {
            prop_assert_eq!(found(&index(&[&text]), &text).unwrap(), [1]);
        }
    }
}
