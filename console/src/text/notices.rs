//! What the server says. It comes as English with a code beside it, and a language that has a text
//! for the code says it itself.

use cavuer_protocol::notice::{Notice, NoticeValue, fill};

use super::{Texts, t};

/// A language's texts by the codes of `cavuer_protocol::notice`, with the same places.
pub type Notices = &'static [(&'static str, &'static str)];

/// What the server says: in the reader's language if that can be, else as it came.
pub fn told(english: &str, notice: Option<&Notice>) -> String {
    notice.and_then(|notice| t().notice(notice)).unwrap_or_else(|| english.to_owned())
}

/// The same where there may be nothing.
pub fn told_if_any(english: Option<&str>, notice: Option<&Notice>) -> Option<String> {
    english.map(|english| told(english, notice))
}

impl Texts {
    /// A notice in this language; `None` if it has no text for it or for what stands in it.
    pub fn notice(&self, notice: &Notice) -> Option<String> {
        if let Some(words) = notice.words() {
            return Some(words.to_owned());
        }
        let (_, text) = self.notices.iter().find(|(code, _)| *code == notice.code)?;
        let mut is_whole = true;
        let filled = fill(text, |name| {
            let value = match notice.values.get(name)? {
                NoticeValue::Number(number) => Some(number.to_string()),
                NoticeValue::Text(text) => Some(text.clone()),
                NoticeValue::Notice(inner) => self.notice(inner),
            };
            is_whole &= value.is_some();
            value
        });
        is_whole.then_some(filled)
    }
}

#[cfg(test)]
mod tests {
    use cavuer_protocol::notice;
    use wasm_bindgen_test::wasm_bindgen_test;

    use crate::text::language::english;

    use super::*;

    const LOUD: Texts = Texts {
        notices: &[
            ("too_many_chars", "AT MOST {most}, NOT {chars}!"),
            ("fallback_failed_too", "{fallback} AFTER {model}"),
        ],
        ..english::TEXTS
    };

    #[wasm_bindgen_test]
    fn a_language_says_what_it_has_a_text_for() {
        let said = LOUD.notice(&notice::too_many_chars(3_u32, 4_u32));
        assert_eq!(said.as_deref(), Some("AT MOST 3, NOT 4!"));
        assert_eq!(LOUD.notice(&notice::empty()), None);
    }

    #[wasm_bindgen_test]
    fn nothing_is_said_in_two_languages() {
        let both = |fallback| notice::fallback_failed_too(notice::verbatim("a"), fallback);
        assert_eq!(LOUD.notice(&both(notice::verbatim("b"))).as_deref(), Some("b AFTER a"));
        assert_eq!(LOUD.notice(&both(notice::empty())), None);
    }

    #[wasm_bindgen_test]
    fn else_it_is_as_it_came() {
        let newer = told("As it came.", Some(&notice::empty()));
        assert_eq!((newer.as_str(), told("b", None).as_str()), ("As it came.", "b"));
    }
}
