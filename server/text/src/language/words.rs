//! What a text is made of, for searching: folded words, and pairs of characters in the scripts
//! that are written without spaces.

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use icu_properties::CodePointMapData;
use icu_properties::props::{GeneralCategory, GeneralCategoryGroup};

/// A searchable part of a folded text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Term<'a> {
    /// The part of the text, as it stands there.
    pub text: &'a str,
    /// Whether it is a word, and if not, what it is a part of.
    pub kind: TermKind,
}

/// How a term came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TermKind {
    /// A word between spaces or punctuation.
    Word,
    /// Two neighbouring characters of a script without spaces, or one that stands alone.
    Gram,
    /// The last character of a longer run: indexed, so that a question of one character finds
    /// every place where it stands.
    Tail,
}

/// The text in lower case with compatibility forms unified. What people leave out when they type,
/// accents and the like, is still there, for stemmers need it.
pub fn normal(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let lower = text.to_lowercase();
    let composed = ComposingNormalizerBorrowed::new_nfkc().normalize(&lower);
    // Lower-casing İ leaves a dot behind; the others are invisible.
    composed
        .chars()
        .filter(|c| !matches!(c, '\u{0307}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{feff}'))
        .collect()
}

/// The text in one spelling: lower case, compatibility forms unified, and without the marks that
/// people leave out when they type (accents, Arabic vowels, Hebrew points). Marks that make up
/// letters, as in Hindi or Thai, stay.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let decomposed = DecomposingNormalizerBorrowed::new_nfkd().normalize(text);
    let mut bare = String::with_capacity(decomposed.len());
    for c in decomposed.chars().flat_map(char::to_lowercase) {
        match c {
            // й is a letter of its own, with its own key.
            '\u{0306}' if bare.ends_with('и') => bare.push(c),
            'ß' => bare.push_str("ss"),
            'æ' => bare.push_str("ae"),
            'œ' => bare.push_str("oe"),
            'ø' => bare.push('o'),
            'ł' => bare.push('l'),
            'đ' => bare.push('d'),
            'ı' => bare.push('i'),
            'ى' => bare.push('ي'),
            'ة' => bare.push('ه'),
            c if is_dropped(c) => {}
            c => bare.push(c),
        }
    }
    ComposingNormalizerBorrowed::new_nfc().normalize(&bare).into_owned()
}

/// The terms of a folded text, in order.
pub fn terms(folded: &str) -> impl Iterator<Item = Term<'_>> {
    runs(folded).flat_map(|(kind, run)| {
        let starts = run.char_indices().take(if kind == TermKind::Word { 1 } else { usize::MAX });
        starts.map(move |(start, _)| term_at(kind, run, start))
    })
}

fn term_at(kind: TermKind, run: &str, start: usize) -> Term<'_> {
    if kind == TermKind::Word {
        return Term { text: run, kind };
    }
    let rest = &run[start..];
    let text = rest.char_indices().nth(2).map_or(rest, |(end, _)| &rest[..end]);
    let is_tail = start > 0 && rest.chars().nth(1).is_none();
    Term { text, kind: if is_tail { TermKind::Tail } else { TermKind::Gram } }
}

/// A word without its commonest endings in the European languages: the same for the forms of a
/// word most of the time, and only good for comparing.
pub fn stem(word: &str) -> &str {
    let mut stem = word;
    for _ in 0..2 {
        let shorter = ENDINGS
            .iter()
            .find_map(|(ending, least)| {
                let rest = stem.strip_suffix(ending)?;
                let double_s = *ending == "s" && rest.ends_with('s');
                (rest.chars().count() >= *least && !double_s).then_some(rest)
            })
            .map(undoubled);
        match shorter {
            Some(shorter) => stem = shorter,
            None => break,
        }
    }
    stem
}

/// Endings, longer ones first, each with the fewest characters that must be left.
#[rustfmt::skip]
const ENDINGS: [(&str, usize); 80] = [
    ("ements", 4), ("ations", 4), ("keiten", 4), ("heiten", 4), ("ciones", 4),
    ("ation", 4), ("ement", 4), ("ments", 3), ("ables", 4), ("ungen", 4), ("ities", 4),
    ("ment", 3), ("able", 4), ("ings", 3), ("ness", 4), ("keit", 4), ("heit", 4), ("cion", 4),
    ("иями", 4), ("ость", 4),
    ("ing", 3), ("ity", 4), ("ies", 3), ("ied", 3), ("ung", 4), ("ers", 4), ("ern", 4),
    ("ert", 4), ("ami", 4), ("ach", 4), ("ого", 4), ("его", 4), ("ому", 4), ("ему", 4),
    ("ыми", 4), ("ими", 4), ("ами", 4), ("ями", 4), ("ить", 4), ("ать", 4), ("ять", 4),
    ("ler", 4), ("lar", 4),
    ("er", 4), ("ed", 3), ("es", 4), ("en", 4), ("em", 4), ("et", 4), ("os", 4), ("as", 4),
    ("ой", 4), ("ей", 4), ("ая", 4), ("яя", 4), ("ое", 4), ("ее", 4), ("ые", 4), ("ие", 4),
    ("ых", 4), ("их", 4), ("ую", 4), ("ом", 4), ("ем", 4), ("ам", 4), ("ям", 4), ("ах", 4),
    ("ях", 4), ("ов", 4),
    ("s", 3), ("e", 4), ("a", 4), ("o", 4), ("y", 4), ("i", 4),
    ("ы", 4), ("и", 4), ("а", 4), ("я", 4), ("у", 4),
];

/// "shipp", left of "shipping", is "ship".
fn undoubled(stem: &str) -> &str {
    let mut last = stem.chars().rev();
    match (last.next(), last.next()) {
        (Some(a), Some(b)) if a == b && a.is_ascii_alphabetic() && !"aeioulsz".contains(a) => {
            &stem[..stem.len() - 1]
        }
        _ => stem,
    }
}

/// Splits a folded text into words and runs of scripts without spaces.
fn runs(folded: &str) -> impl Iterator<Item = (TermKind, &str)> {
    let mut rest = folded;
    std::iter::from_fn(move || {
        let start = rest.find(in_term)?;
        let tail = &rest[start..];
        let kind = kind_of(tail.chars().next()?);
        let end = tail.find(|c| !in_term(c) || kind_of(c) != kind).unwrap_or(tail.len());
        let (run, after) = tail.split_at(end);
        rest = after;
        Some((kind, run))
    })
}

fn in_term(c: char) -> bool {
    c.is_alphanumeric()
        || (!c.is_ascii()
            && GeneralCategoryGroup::Mark
                .contains(CodePointMapData::<GeneralCategory>::new().get(c)))
}

fn kind_of(c: char) -> TermKind {
    if is_unspaced(c) { TermKind::Gram } else { TermKind::Word }
}

/// Scripts whose words are not told apart by spaces. Korean puts spaces, but joins endings to its
/// words, and pairs of syllables find those too.
fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}' // Thai, Lao
        | '\u{1000}'..='\u{109f}' // Burmese
        | '\u{1780}'..='\u{17ff}' // Khmer
        | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{30ff}' // Kana
        | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{9fff}' // Han
        | '\u{ac00}'..='\u{d7a3}' // Hangul
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

fn is_dropped(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036f}'
        | '\u{0591}'..='\u{05bd}' | '\u{05bf}' | '\u{05c1}'..='\u{05c2}' | '\u{05c4}'..='\u{05c5}'
        | '\u{0640}' | '\u{064b}'..='\u{0655}' | '\u{0670}'
        | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        terms(&fold(text)).map(|term| term.text.to_owned()).collect()
    }

    #[test]
    fn spelling_is_unified() {
        assert_eq!(fold("ÖFFNUNGSZEITEN, Straße"), "offnungszeiten, strasse");
        assert_eq!(fold("İstanbul Łódź"), "istanbul lodz");
        assert_eq!(fold("Ёлка Й"), "елка й");
        assert_eq!(fold("Ａ１"), "a1");
        assert_eq!(fold("مَرْحَبًا"), "مرحبا");
        assert_eq!(fold("한글"), "한글");
        assert_eq!(fold("が"), "が");
    }

    #[test]
    fn words_and_grams() {
        assert_eq!(texts("Don't panic: 4.90 €"), ["don", "t", "panic", "4", "90"]);
        assert_eq!(texts("营业时间 9点"), ["营业", "业时", "时间", "间", "9", "点"]);
        assert_eq!(texts("हिन्दी भाषा"), [fold("हिन्दी"), fold("भाषा")]);
        assert!(texts(" … ").is_empty());
    }

    #[test]
    fn forms_of_a_word_have_one_stem() {
        for forms in [
            &["delivery", "deliveries", "deliver", "delivered", "delivers"][..],
            &["return", "returns", "returned", "returning"],
            &["price", "prices", "pricing"],
            &["ship", "ships", "shipping", "shipped"],
            &["open", "opens", "opening", "opened"],
            &["cost", "costs", "costing"],
            &["lieferung", "lieferungen", "liefern", "liefert"],
            &["kosten", "kostet"],
            &["доставка", "доставки", "доставку", "доставкой"],
            &["pay", "payment", "payments", "paying"],
        ] {
            for form in forms {
                assert_eq!(stem(form), stem(forms[0]), "{form}");
            }
        }
        assert_ne!(stem("address"), stem("add"));
        assert_eq!(stem("as"), "as");
    }
}
