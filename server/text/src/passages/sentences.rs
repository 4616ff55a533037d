//! Where sentences end, well enough for quoting and cutting in many languages.

use std::ops::Range;

/// Words whose full stop does not end a sentence, in lower case and without it.
const ABBREVIATIONS: [&str; 43] = [
    "mr", "mrs", "ms", "dr", "prof", "st", "no", "nr", "vs", "etc", "approx", "ca", "bzw", "inc",
    "ltd", "co", "tel", "fig", "min", "max", "e.g", "i.e", "z.b", "d.h", "u.a", "o.ä", "str", "sr",
    "sra", "jr", "p.m", "a.m", "ext", "art", "ул", "г", "тел", "руб", "т.е", "т.д", "т.п", "д",
    "др",
];

/// The sentences of a text as byte ranges: in order, without gaps, each with the white space that
/// follows it. Line ends are left alone; a caller that wants them as borders splits lines first.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let is_wide = matches!(c, '。' | '！' | '？' | '｡');
        if !is_wide && !matches!(c, '.' | '!' | '?' | '…' | '؟' | '।' | '۔') {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some((next_at, next)) = chars.peek().copied()
            && (is_closing(next) || matches!(next, '.' | '!' | '?' | '…'))
        {
            end = next_at + next.len_utf8();
            chars.next();
        }
        let mut spaces = 0;
        while let Some((next_at, next)) = chars.peek().copied()
            && next.is_whitespace()
        {
            end = next_at + next.len_utf8();
            spaces += 1;
            chars.next();
        }
        let next = chars.peek().map(|(_, next)| *next);
        let ends = is_wide
            || next.is_none()
            || (spaces > 0
                && !next.is_some_and(char::is_lowercase)
                && !(c == '.' && is_abbreviated(&text[start..at])));
        if ends {
            ranges.push(start..end);
            start = end;
        }
    }
    if start < text.len() {
        ranges.push(start..text.len());
    }
    ranges
}

/// Whether the last word before a full stop is one that carries a full stop inside sentences: a
/// known abbreviation, or an initial.
fn is_abbreviated(before: &str) -> bool {
    let mut words = before
        .rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '„' | '"' | '«'))
        .map(str::to_lowercase);
    let (word, earlier) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    // In "18 h" the letter is a unit.
    let is_unit = earlier.ends_with(|c: char| c.is_ascii_digit());
    let is_letter = word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
    (is_letter && !is_unit) || ABBREVIATIONS.contains(&word.as_str())
}

fn is_closing(c: char) -> bool {
    matches!(c, '"' | '\'' | '”' | '’' | '»' | '“' | ')' | ']' | '」' | '』' | '）')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|range| text[range].trim_end()).collect()
    }

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        assert_eq!(
            split("It costs 4.90 €. Really? Yes! \"Sure.\" See shop.example.com. End"),
            ["It costs 4.90 €.", "Really?", "Yes!", "\"Sure.\"", "See shop.example.com.", "End"]
        );
        assert_eq!(
            split("Open e.g. on Mr. Smith's day, ca. 3 p.m. daily. Z.B. Montag."),
            ["Open e.g. on Mr. Smith's day, ca. 3 p.m. daily.", "Z.B. Montag."]
        );
        assert_eq!(
            split("De 9 h à 18 h. Le samedi à 14 h."),
            ["De 9 h à 18 h.", "Le samedi à 14 h."]
        );
        assert_eq!(split("营业时间。周日休息！好"), ["营业时间。", "周日休息！", "好"]);
        assert_eq!(
            split("ул. Ленина, д. 5. Вход со двора."),
            ["ул. Ленина, д. 5.", "Вход со двора."]
        );
        assert!(split("").is_empty());
    }

    proptest! {
        #[test]
        fn nothing_is_lost(text in any::<String>()) {
            let joined: String = sentences(&text).into_iter().map(|range| &text[range]).collect();
            prop_assert_eq!(joined, text);
        }
    }
}
