//! The languages that the console speaks, and the choice of one for the reader.
//!
//! Another language is one more line in the table below, and a file of that name beside this one
//! with its texts. What the file leaves out stays English:
//!
//! ```ignore
//! pub const TEXTS: Texts = Texts {
//!     common: Common { save: "Gem", cancel: "Annuller", ..Common::ENGLISH },
//!     ..super::english::TEXTS
//! };
//! ```

use std::sync::LazyLock;

use crate::browser;

use super::Texts;

/// A language of the console.
pub struct Language {
    /// A BCP 47 tag.
    pub tag: &'static str,
    pub texts: Texts,
}

/// Makes the table from the files beside this one.
macro_rules! languages {
    ($($tag:literal => $file:ident),* $(,)?) => {
        $(pub(super) mod $file;)*

        static ALL: &[Language] = &[$(Language { tag: $tag, texts: $file::TEXTS }),*];
    };
}

// English comes first: it is what a reader gets whose languages are missing.
languages! {
    "en" => english,
}

/// The language that suits the reader, by what their browser is set to.
pub fn chosen() -> &'static Language {
    static CHOSEN: LazyLock<&'static Language> =
        LazyLock::new(|| best(ALL, &browser::languages()).unwrap_or(&ALL[0]));
    *CHOSEN
}

/// The first language of the reader's that there is. `de-AT` is content with `de` (RFC 4647).
fn best<'a>(all: &'a [Language], wanted: &[String]) -> Option<&'a Language> {
    wanted.iter().find_map(|wanted| {
        let mut range = wanted.as_str();
        loop {
            if let Some(found) = all.iter().find(|one| one.tag.eq_ignore_ascii_case(range)) {
                return Some(found);
            }
            range = range.rsplit_once('-')?.0;
        }
    })
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use crate::text::common::Common;

    use super::*;

    /// Two that nobody translated in full.
    const SOME: &[Language] = &[
        Language { tag: "en", texts: english::TEXTS },
        Language {
            tag: "x-loud",
            texts: Texts { common: Common { save: "SAVE", ..Common::ENGLISH }, ..english::TEXTS },
        },
        Language { tag: "pt-BR", texts: english::TEXTS },
    ];

    fn best_of(wanted: &[&str]) -> Option<&'static str> {
        let wanted: Vec<String> = wanted.iter().map(|tag| (*tag).to_owned()).collect();
        best(SOME, &wanted).map(|found| found.tag)
    }

    #[wasm_bindgen_test]
    fn the_first_wanted_language_that_is_there_wins() {
        assert_eq!(best_of(&["fr-CA", "x-loud", "en"]), Some("x-loud"));
        assert_eq!(best_of(&["en-GB", "x-loud"]), Some("en"));
        assert_eq!(best_of(&["X-Loud-Very"]), Some("x-loud"));
    }

    #[wasm_bindgen_test]
    fn another_region_of_a_language_is_not_it() {
        assert_eq!(best_of(&["pt-PT", "pt"]), None);
        assert_eq!(best_of(&["pt-BR"]), Some("pt-BR"));
        assert_eq!(best_of(&[]), None);
    }

    #[wasm_bindgen_test]
    fn what_is_not_translated_is_english() {
        let loud = &SOME[1].texts.common;
        assert_eq!((loud.save, loud.cancel), ("SAVE", Common::ENGLISH.cancel));
    }
}
