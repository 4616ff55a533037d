//! Languages as far as searching has to know them: which one a text is in, and what the forms of
//! its words have in common.

pub mod fillers;
pub mod synonyms;
pub mod typing;
pub mod words;

use std::borrow::Cow;

use snowball_stemmers_rs::{Algorithm, Stemmer};
use whatlang::Lang;

use fillers::Fillers;
use words::fold;

/// How much of a text is looked at to tell its language, in characters.
const SAMPLE_CHARS: usize = 2_000;

/// A language whose words have forms that a stemmer knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TextLanguage(u8);

/// A set of languages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LanguageSet(u64);

/// Writing systems with stemmers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Script {
    Latin,
    Cyrillic,
    Greek,
    Arabic,
    Devanagari,
    Tamil,
    Armenian,
}

struct Known {
    /// The primary subtag of BCP 47.
    tag: &'static str,
    script: Script,
    algorithm: Algorithm,
    detected: &'static [Lang],
}

/// The first of a script stands for texts in it that are in no known language. New ones go to the
/// end: the index keeps their places.
#[rustfmt::skip]
const KNOWN: [Known; 26] = [
    Known { tag: "en", script: Script::Latin, algorithm: Algorithm::English, detected: &[Lang::Eng] },
    Known { tag: "de", script: Script::Latin, algorithm: Algorithm::German, detected: &[Lang::Deu] },
    Known { tag: "fr", script: Script::Latin, algorithm: Algorithm::French, detected: &[Lang::Fra] },
    Known { tag: "es", script: Script::Latin, algorithm: Algorithm::Spanish, detected: &[Lang::Spa] },
    Known { tag: "it", script: Script::Latin, algorithm: Algorithm::Italian, detected: &[Lang::Ita] },
    Known { tag: "pt", script: Script::Latin, algorithm: Algorithm::Portuguese, detected: &[Lang::Por] },
    Known { tag: "nl", script: Script::Latin, algorithm: Algorithm::Dutch, detected: &[Lang::Nld, Lang::Afr] },
    Known { tag: "sv", script: Script::Latin, algorithm: Algorithm::Swedish, detected: &[Lang::Swe] },
    Known { tag: "da", script: Script::Latin, algorithm: Algorithm::Danish, detected: &[Lang::Dan] },
    Known { tag: "no", script: Script::Latin, algorithm: Algorithm::Norwegian, detected: &[Lang::Nob] },
    Known { tag: "fi", script: Script::Latin, algorithm: Algorithm::Finnish, detected: &[Lang::Fin] },
    Known { tag: "hu", script: Script::Latin, algorithm: Algorithm::Hungarian, detected: &[Lang::Hun] },
    Known { tag: "ro", script: Script::Latin, algorithm: Algorithm::Romanian, detected: &[Lang::Ron] },
    Known { tag: "tr", script: Script::Latin, algorithm: Algorithm::Turkish, detected: &[Lang::Tur, Lang::Aze] },
    Known { tag: "pl", script: Script::Latin, algorithm: Algorithm::Polish, detected: &[Lang::Pol] },
    Known { tag: "cs", script: Script::Latin, algorithm: Algorithm::Czech, detected: &[Lang::Ces, Lang::Slk] },
    Known { tag: "ca", script: Script::Latin, algorithm: Algorithm::Catalan, detected: &[Lang::Cat] },
    Known { tag: "id", script: Script::Latin, algorithm: Algorithm::Indonesian, detected: &[Lang::Ind] },
    Known { tag: "ru", script: Script::Cyrillic, algorithm: Algorithm::Russian, detected: &[Lang::Rus, Lang::Bul] },
    Known { tag: "uk", script: Script::Cyrillic, algorithm: Algorithm::Ukrainian, detected: &[Lang::Ukr] },
    Known { tag: "el", script: Script::Greek, algorithm: Algorithm::Greek, detected: &[Lang::Ell] },
    Known { tag: "ar", script: Script::Arabic, algorithm: Algorithm::Arabic, detected: &[Lang::Ara] },
    Known { tag: "fa", script: Script::Arabic, algorithm: Algorithm::Persian, detected: &[Lang::Pes] },
    Known { tag: "hi", script: Script::Devanagari, algorithm: Algorithm::Hindi, detected: &[Lang::Hin, Lang::Mar] },
    Known { tag: "ta", script: Script::Tamil, algorithm: Algorithm::Tamil, detected: &[Lang::Tam] },
    Known { tag: "hy", script: Script::Armenian, algorithm: Algorithm::Armenian, detected: &[Lang::Hye] },
];

impl TextLanguage {
    /// The language of a text; English if it cannot be told.
    pub fn of(text: &str) -> Self {
        let end = text.char_indices().nth(SAMPLE_CHARS).map_or(text.len(), |(end, _)| end);
        let sample = &text[..end];
        let info = whatlang::detect(sample);
        let by = |is_it: &dyn Fn(&Known) -> bool| KNOWN.iter().position(is_it);
        let reliable = info.as_ref().filter(|info| info.is_reliable());
        reliable
            .and_then(|info| by(&|known| known.detected.contains(&info.lang())))
            .or_else(|| {
                let tag = Fillers::get().likely_language(&fold(sample))?;
                by(&|known| known.tag == tag)
            })
            .or_else(|| {
                info.as_ref().and_then(|info| by(&|known| known.detected.contains(&info.lang())))
            })
            .map_or(Self(0), Self::at)
    }

    /// Its place in the index.
    pub fn number(self) -> u8 {
        self.0
    }

    /// What the forms of a word in a text of this language have in common. A word in another
    /// script, such as a name, is taken for the script's first language.
    pub fn stem(self, word: &str) -> Cow<'_, str> {
        let Some(script) = word.chars().next().and_then(script_of) else {
            return Cow::Borrowed(word);
        };
        let own = &KNOWN[usize::from(self.0)];
        let known = if own.script == script { Some(own) } else { first_of(script) };
        match known {
            Some(known) => Cow::Owned(Stemmer::create(known.algorithm).stem(word).into_owned()),
            None => Cow::Borrowed(word),
        }
    }

    fn at(index: usize) -> Self {
        Self(u8::try_from(index).unwrap_or_default())
    }
}

impl LanguageSet {
    /// The languages of a set that is kept as a number.
    pub fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// The set as a number.
    pub fn bits(self) -> u64 {
        self.0
    }

    /// Adds a language.
    pub fn insert(&mut self, language: TextLanguage) {
        self.0 |= 1 << language.0;
    }

    /// Adds all languages of another set.
    pub fn extend(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Its languages and English, whose words stand in texts of all languages.
    pub fn with_english(self) -> impl Iterator<Item = TextLanguage> {
        let bits = self.0 | 1;
        (0..KNOWN.len()).filter(move |index| bits >> index & 1 == 1).map(TextLanguage::at)
    }
}

fn first_of(script: Script) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.script == script)
}

fn script_of(c: char) -> Option<Script> {
    Some(match c {
        'a'..='z' | '\u{00df}'..='\u{024f}' | '\u{1e00}'..='\u{1eff}' => Script::Latin,
        '\u{0400}'..='\u{052f}' => Script::Cyrillic,
        '\u{0370}'..='\u{03ff}' | '\u{1f00}'..='\u{1fff}' => Script::Greek,
        '\u{0600}'..='\u{06ff}' => Script::Arabic,
        '\u{0900}'..='\u{097f}' => Script::Devanagari,
        '\u{0b80}'..='\u{0bff}' => Script::Tamil,
        '\u{0530}'..='\u{058f}' => Script::Armenian,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(language: TextLanguage) -> &'static str {
        KNOWN[usize::from(language.0)].tag
    }

    #[test]
    fn the_language_of_a_text_is_told() {
        for (text, expected) in [
            ("You can return any unopened item within thirty days.", "en"),
            ("Die Lieferung dauert zwei bis drei Tage und kostet nichts.", "de"),
            ("La livraison à domicile prend deux jours ouvrables.", "fr"),
            ("Siparişiniz iki iş günü içinde kargoya verilir.", "tr"),
            ("Доставка занимает два рабочих дня.", "ru"),
            ("Доставка займає два робочі дні, і це безкоштовно.", "uk"),
            ("يصل الطرد العادي خلال يومين", "ar"),
            ("डिलीवरी में दो दिन लगते हैं", "hi"),
            ("Η παράδοση διαρκεί δύο ημέρες.", "el"),
        ] {
            assert_eq!(tag(TextLanguage::of(text)), expected, "{text}");
        }
    }

    #[test]
    fn the_forms_of_a_word_have_one_stem() {
        for (sample, forms) in [
            ("en", &["delivery", "deliveries"][..]),
            ("en", &["return", "returns", "returned", "returning"]),
            ("de", &["lieferung", "lieferungen"]),
            ("ru", &["доставка", "доставки", "доставку", "доставкой"]),
            ("tr", &["sipariş", "siparişler", "siparişi"]),
            ("es", &["devolución", "devoluciones"]),
            ("hi", &["दुकान", "दुकानों"]),
        ] {
            let index = KNOWN.iter().position(|known| known.tag == sample).unwrap();
            for form in forms {
                let language = TextLanguage::at(index);
                assert_eq!(language.stem(form), language.stem(forms[0]), "{form}");
            }
        }
    }

    #[test]
    fn a_word_in_another_script_has_its_own_stemmer() {
        let german = TextLanguage::at(1);
        assert_eq!(german.stem("доставки"), german.stem("доставка"));
        assert_eq!(german.stem("東京"), "東京");
        assert_eq!(german.stem("2024"), "2024");
        assert_eq!(german.stem(""), "");
    }
}
