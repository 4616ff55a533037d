//! Rust in pieces.

use super::{Kind, Token};

/// All tokens of the text, comments among them.
pub(super) fn pieces(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let (mut at, mut line) = (0, 1);
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (kind, length) = match first {
            _ if first.is_whitespace() => (None, first.len_utf8()),
            _ if rest.starts_with("//") => {
                (Some(Kind::Comment), rest.find('\n').unwrap_or(rest.len()))
            }
            _ if rest.starts_with("/*") => (Some(Kind::Comment), block_comment(rest)),
            '"' => (Some(Kind::Text), quoted(rest, '"')),
            '\'' => (Some(Kind::Other), character_or_lifetime(rest)),
            _ if first.is_ascii_digit() => (Some(Kind::Other), number(rest)),
            _ if is_of_name(first) => name_or_prefixed(rest),
            _ => (Some(Kind::Mark), first.len_utf8()),
        };
        if let Some(kind) = kind {
            tokens.push(Token { kind, at: at..at + length, line });
        }
        line += rest[..length].matches('\n').count();
        at += length;
    }
    tokens
}

fn is_of_name(character: char) -> bool {
    character == '_' || character.is_alphanumeric()
}

fn name(text: &str) -> usize {
    text.find(|character| !is_of_name(character)).unwrap_or(text.len())
}

/// A name, a raw name, or a text whose quotes have letters before them.
fn name_or_prefixed(text: &str) -> (Option<Kind>, usize) {
    let length = name(text);
    let (prefix, rest) = text.split_at(length);
    if matches!(prefix, "r" | "br" | "cr") {
        let hashes = rest.len() - rest.trim_start_matches('#').len();
        if rest[hashes..].starts_with('"') {
            let closing = format!("\"{}", "#".repeat(hashes));
            let content = &rest[hashes + 1..];
            let end = content.find(&closing).map_or(content.len(), |end| end + closing.len());
            return (Some(Kind::Text), length + hashes + 1 + end);
        }
        if hashes == 1 && prefix == "r" {
            return (Some(Kind::Word), length + 1 + name(&rest[1..]));
        }
    }
    match rest.chars().next() {
        Some('"') if matches!(prefix, "b" | "c") => (Some(Kind::Text), length + quoted(rest, '"')),
        Some('\'') if prefix == "b" => (Some(Kind::Other), length + quoted(rest, '\'')),
        _ => (Some(Kind::Word), length),
    }
}

/// The length of a text that begins with `quote` and ends at the next one that is not escaped.
pub(super) fn quoted(text: &str, quote: char) -> usize {
    let mut characters = text.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        if character == '\\' {
            characters.next();
        } else if character == quote {
            return at + character.len_utf8();
        }
    }
    text.len()
}

fn character_or_lifetime(text: &str) -> usize {
    let mut characters = text.chars().skip(1);
    match (characters.next(), characters.next()) {
        (Some('\\'), _) | (Some(_), Some('\'')) => quoted(text, '\''),
        _ => 1 + name(&text[1..]),
    }
}

fn number(text: &str) -> usize {
    let whole = name(text);
    let fraction = text[whole..]
        .strip_prefix('.')
        .filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    fraction.map_or(whole, |fraction| whole + 1 + name(fraction))
}

/// Comments of this kind lie in each other.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    loop {
        let rest = &text[at..];
        let Some(next) = rest.find(['/', '*']) else { return text.len() };
        at += next;
        if text[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
}
