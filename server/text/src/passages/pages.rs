//! Where the pages of a document begin, as lines in its text: `[Page 3]`.
//!
//! They stand in the text itself, so that they survive when somebody edits it, and whoever types
//! a text can set them, too. Passages carry the number and not the line.

/// The line in front of what is on a page.
pub fn marker(page: u32) -> String {
    format!("[Page {page}]")
}

/// The page that begins with this line, if it is such a line.
pub fn number(line: &str) -> Option<u32> {
    let digits = line.trim().strip_prefix("[Page ")?.strip_suffix(']')?;
    let is_number = (1..=6).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten().filter(|number| *number > 0)
}

/// Whether anything but page lines and white space is in a text.
pub fn has_text(text: &str) -> bool {
    text.lines().any(|line| !line.trim().is_empty() && number(line).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_lines_with_a_number_count() {
        assert_eq!(number(&marker(12)), Some(12));
        assert_eq!(number("  [Page 3]\t"), Some(3));
        for line in
            ["[Page 0]", "[Page ]", "[Page 3", "See [Page 3]", "[Page +3]", "[Page 1234567]"]
        {
            assert_eq!(number(line), None, "{line}");
        }
        assert!(!has_text("[Page 1]\n\n [Page 2]"));
        assert!(has_text("[Page 1]\nTea"));
    }
}
