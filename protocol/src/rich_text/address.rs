//! Addresses: where they end in running text, and which of them a chat may link to.

use super::{head, tail};

/// Longest address in bytes.
const MAX_ADDRESS: usize = 2_000;

/// `https://…` at the start of running text, without the punctuation that belongs to the sentence.
pub(super) fn bare(text: &str) -> Option<&str> {
    let scheme = ["https://", "http://"].into_iter().find(|scheme| text.starts_with(scheme))?;
    let address = without_punctuation(head(text, address_len(text)));
    (address.len() > scheme.len()).then_some(address)
}

/// Reads `<address>` at the start; also says how many bytes that took.
pub(super) fn angled(text: &str) -> Option<(String, usize)> {
    let inner = text.strip_prefix('<')?;
    let address = head(inner, address_len(inner));
    let behind = tail(inner, address.len());
    behind.starts_with('>').then_some(())?;
    Some((allowed(address)?, address.len() + 2))
}

/// Reads `(address)` or `(<address>)` at the start; also says how many bytes that took.
pub(super) fn destination(text: &str) -> Option<(String, usize)> {
    let inner = text.strip_prefix('(')?;
    if let Some((address, len)) = angled(inner) {
        return tail(inner, len).starts_with(')').then_some((address, len + 2));
    }
    let mut open = 0;
    let mut before = '(';
    let len = inner.char_indices().find_map(|(at, c)| {
        match c {
            // The next label's end: many unclosed addresses cost no more than one.
            '(' if before == ']' => return Some(at),
            '(' => open += 1,
            ')' => open -= 1,
            _ => {}
        }
        before = c;
        let ends = open < 0 || at > MAX_ADDRESS || !in_address(c);
        ends.then_some(at)
    })?;
    let closed = open < 0;
    Some((allowed(head(inner, len))?, len + 2)).filter(|_| closed)
}

/// Bytes up to the end of an address in running text; none if it is too long to be one.
fn address_len(text: &str) -> usize {
    let end = text
        .char_indices()
        .find(|(at, c)| *at > MAX_ADDRESS || !in_address(*c) || ends_bare_address(*c))
        .map_or(text.len(), |(at, _)| at);
    if end > MAX_ADDRESS { 0 } else { end }
}

/// The address without punctuation at its end; a `)` stays where its `(` is part of the address.
fn without_punctuation(address: &str) -> &str {
    let count = |bracket| address.bytes().filter(|byte| *byte == bracket).count();
    let mut surplus = count(b')').saturating_sub(count(b'('));
    let mut end = address.len();
    while end > 0 {
        match address.as_bytes()[end - 1] {
            b')' if surplus > 0 => surplus -= 1,
            b'.' | b',' | b':' | b';' | b'!' | b'?' | b'\'' | b'*' | b'_' | b'~' => {}
            _ => break,
        }
        end -= 1;
    }
    head(address, end)
}

fn in_address(c: char) -> bool {
    !c.is_whitespace() && !c.is_control()
}

/// Brackets, quotation marks, and the punctuation of Chinese and Japanese.
fn ends_bare_address(c: char) -> bool {
    matches!(c, '<' | '>' | '[' | ']' | '"' | '`' | '\u{3000}'..='\u{303f}' | '\u{ff01}'..='\u{ff20}')
}

/// The address with its scheme in lower case, if the scheme is one that a chat may link to.
fn allowed(address: &str) -> Option<String> {
    ["https://", "http://", "mailto:", "tel:"].into_iter().find_map(|scheme| {
        let start = address.get(..scheme.len())?;
        let rest = tail(address, scheme.len());
        let fits = start.eq_ignore_ascii_case(scheme) && !rest.is_empty();
        fits.then(|| scheme.to_owned() + rest)
    })
}
