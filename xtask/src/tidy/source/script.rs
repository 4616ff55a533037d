//! JavaScript, TypeScript and CSS in pieces.

use super::rust::quoted;
use super::{Kind, Token};

/// All tokens of a script, comments among them.
pub(super) fn pieces(text: &str) -> Vec<Token> {
    take_apart(text, true)
}

/// All tokens of a style sheet, comments among them.
pub(super) fn css_pieces(text: &str) -> Vec<Token> {
    take_apart(text, false)
}

fn take_apart(text: &str, script: bool) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let (mut at, mut line) = (0, 1);
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (kind, length) = match first {
            _ if first.is_whitespace() => (None, first.len_utf8()),
            _ if script && rest.starts_with("//") => {
                (Some(Kind::Comment), rest.find('\n').unwrap_or(rest.len()))
            }
            _ if rest.starts_with("/*") => {
                (Some(Kind::Comment), rest.find("*/").map_or(rest.len(), |end| end + 2))
            }
            '"' | '\'' => (Some(Kind::Text), quoted(rest, first)),
            '`' if script => (Some(Kind::Text), template(rest)),
            '/' if script && value_may_follow(text, tokens.last()) => {
                (Some(Kind::Other), regular_expression(rest))
            }
            _ if is_of_name(first) => (Some(Kind::Word), name(rest)),
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
    matches!(character, '_' | '$') || character.is_alphanumeric()
}

fn name(text: &str) -> usize {
    text.find(|character| !is_of_name(character)).unwrap_or(text.len())
}

/// Whether a slash after this token begins a regular expression rather than divides.
fn value_may_follow(text: &str, before: Option<&Token>) -> bool {
    before.is_none_or(|token| match token.kind {
        Kind::Mark => !matches!(&text[token.at.clone()], ")" | "]" | "}"),
        Kind::Word => matches!(&text[token.at.clone()], "return" | "typeof" | "case"),
        Kind::Text | Kind::Other | Kind::Comment => false,
    })
}

fn regular_expression(text: &str) -> usize {
    let mut characters = text.char_indices().skip(1);
    let mut in_class = false;
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => drop(characters.next()),
            '[' => in_class = true,
            ']' => in_class = false,
            '/' if !in_class => return at + 1 + name(&text[at + 1..]),
            '\n' => return at,
            _ => {}
        }
    }
    text.len()
}

/// A template with whatever templates lie in it.
fn template(text: &str) -> usize {
    let mut at = 1;
    while let Some(character) = text[at..].chars().next() {
        match character {
            '\\' => at += 1 + text[at + 1..].chars().next().map_or(0, char::len_utf8),
            '`' => return at + 1,
            '$' if text[at + 1..].starts_with('{') => at += 1 + hole(&text[at + 1..]),
            _ => at += character.len_utf8(),
        }
    }
    text.len()
}

/// The `{…}` of a template.
fn hole(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while let Some(character) = text[at..].chars().next() {
        match character {
            '`' => {
                at += template(&text[at..]);
                continue;
            }
            '"' | '\'' => {
                at += quoted(&text[at..], character);
                continue;
            }
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        at += character.len_utf8();
        if depth == 0 {
            return at;
        }
    }
    text.len()
}
