//! Which part of a Rust file is only compiled for tests.

use super::{Kind, Source};

/// Words that begin items in which a comma may stand before the body.
const ITEMS: &[&str] = &[
    "async",
    "enum",
    "extern",
    "fn",
    "impl",
    "macro_rules",
    "mod",
    "struct",
    "trait",
    "union",
    "unsafe",
];

/// For each token, whether it belongs to an item with `#[cfg(test)]`, or to such a file.
pub(super) fn find(source: &Source) -> Vec<bool> {
    let count = source.tokens().len();
    let mut for_tests = vec![false; count];
    let mut place = 0;
    while place < count {
        if source.has(place, &["#", "!", "["]) && asks_for_tests(source, place + 2) {
            // Attributes of this kind stand at the head of a file or of a module's body.
            let end = (0..place)
                .rev()
                .find(|opening| {
                    source.has(*opening, &["{"]) && source.end_of_group(*opening) > place
                })
                .map_or(count, |opening| source.end_of_group(opening));
            for_tests[place..end].fill(true);
            place = end;
        } else if source.has(place, &["#", "["]) && asks_for_tests(source, place + 1) {
            let end = end_of_item(source, source.end_of_group(place + 1) + 1);
            for_tests[place..end].fill(true);
            place = end;
        } else {
            place += 1;
        }
    }
    for_tests
}

/// Whether the attribute in this group is `cfg(test)` or asks for tests and more.
fn asks_for_tests(source: &Source, group: usize) -> bool {
    if !source.has(group + 1, &["cfg", "("]) {
        return false;
    }
    let condition = group + 3;
    source.has(condition, &["test", ")"])
        || source.has(condition, &["all", "("])
            && (condition + 2..source.end_of_group(condition + 1))
                .any(|place| source.has(place, &["test"]) && !source.has(place - 2, &["not", "("]))
}

/// The place after the item that begins here.
fn end_of_item(source: &Source, mut place: usize) -> usize {
    while source.has(place, &["#", "["]) {
        place = source.end_of_group(place + 1) + 1;
    }
    if source.has(place, &["pub"]) {
        place += 1;
        if source.has(place, &["("]) {
            place = source.end_of_group(place) + 1;
        }
    }
    let first = source.word(place).unwrap_or_default();
    let next = source.word(place + 1).unwrap_or_default();
    let is_function = first == "const" && matches!(next, "async" | "extern" | "fn" | "unsafe");
    let to_semicolon = matches!(first, "const" | "let" | "static" | "type" | "use") && !is_function;
    let past_commas = is_function || ITEMS.contains(&first);
    while let Some(token) = source.tokens().get(place) {
        match (token.kind, source.text(token)) {
            (Kind::Mark, ";") => return place + 1,
            (Kind::Mark, ",") if !to_semicolon && !past_commas => return place + 1,
            (Kind::Mark, "{") if !to_semicolon => return source.end_of_group(place) + 1,
            (Kind::Mark, "(" | "[" | "{") => place = source.end_of_group(place) + 1,
            (Kind::Mark, ")" | "]" | "}") => return place,
            _ => place += 1,
        }
    }
    place
}

#[cfg(test)]
mod tests {
    use super::super::Language;
    use super::*;

    fn kept(text: &str) -> String {
        let source = Source::new(Language::Rust, text);
        let places = 0..source.tokens().len();
        let kept = places.filter(|place| !source.is_for_tests(*place));
        kept.map(|place| source.text(&source.tokens()[place])).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn items_for_tests_are_found() {
        assert_eq!(kept("use a; #[cfg(test)] use b::{c, d}; use e;"), "use a ; use e ;");
        assert_eq!(kept("#[cfg(test)] mod tests { use super::*; } fn a() {}"), "fn a ( ) { }");
        assert_eq!(kept("#[cfg(test)] #[allow(x)] pub(crate) fn a<B, C>(b: [u8; 3]) {} d"), "d");
        assert_eq!(kept("#[cfg(all(unix, test))] const A: B = B { c: 1 }; d"), "d");
        assert_eq!(kept("struct A { #[cfg(test)] b: u8, c: u8 }"), "struct A { c : u8 }");
        assert_eq!(kept("#![cfg(test)] use a;"), "");
        let other = "# [ cfg ( all ( unix , not ( test ) ) ) ] use a ;";
        assert_eq!(kept(other), other);
    }
}
