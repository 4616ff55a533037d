use crate::limits;

/// Why a message's text cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextRefused {
    /// Nothing but white space or invisible characters.
    Blank,
    /// More than [`limits::MESSAGE_CHARS`] characters; the count is how many there are.
    TooLong(usize),
}

/// The text as it is stored: line ends unified, white space around it gone, no NUL.
///
/// Both the widget and the server call it, so that what the visitor sees at once is what is kept.
pub fn accept_text(raw: &str) -> Result<String, TextRefused> {
    let mut unified = String::with_capacity(raw.len());
    let mut before = ' ';
    for c in raw.chars() {
        match c {
            '\n' if before == '\r' => {}
            '\r' | '\0' => unified.push('\n'),
            c => unified.push(c),
        }
        before = c;
    }
    let trimmed = unified.trim();
    if trimmed.chars().all(is_invisible) {
        return Err(TextRefused::Blank);
    }
    match trimmed.chars().count() {
        count if count > limits::MESSAGE_CHARS => Err(TextRefused::TooLong(count)),
        _ => Ok(trimmed.to_owned()),
    }
}

/// The same for a message that has attachments, and so need not have words.
pub fn accept_caption(raw: &str) -> Result<String, TextRefused> {
    match accept_text(raw) {
        Err(TextRefused::Blank) => Ok(String::new()),
        other => other,
    }
}

/// White space and the zero-width characters that make a message look empty.
fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{ad}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_trimmed_and_unified() {
        assert_eq!(accept_text("  a\r\nb \n").unwrap(), "a\nb");
    }

    #[test]
    fn nothing_to_see_is_blank() {
        for blank in ["", " \n\t", "\u{200b}\u{feff}", "\0"] {
            assert_eq!(accept_text(blank), Err(TextRefused::Blank), "{blank:?}");
        }
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        let longest = "ж".repeat(limits::MESSAGE_CHARS);
        assert_eq!(accept_text(&longest).unwrap(), longest);
        assert_eq!(
            accept_text(&format!("{longest}ж")),
            Err(TextRefused::TooLong(limits::MESSAGE_CHARS + 1))
        );
    }
}
