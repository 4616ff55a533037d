//! Data inside of a prompt that cannot look like anything else.

/// Names of the blocks that data stands in.
const MARKS: [&str; 3] = ["passage", "function_result", "attachment"];

/// The data with everything that could be taken for a block's mark made harmless: the angle
/// bracket becomes a look-alike that no model takes for markup.
pub(super) fn defused(data: &str) -> String {
    let mut text = String::with_capacity(data.len());
    for (index, c) in data.char_indices() {
        let is_mark = c == '<' && {
            let is_between = |c: char| c == '/' || c.is_whitespace() || is_invisible(c);
            let rest = data[index + 1..].trim_start_matches(is_between);
            MARKS.iter().any(|mark| {
                rest.get(..mark.len()).is_some_and(|word| word.eq_ignore_ascii_case(mark))
            })
        };
        text.push(if is_mark { '‹' } else { c });
    }
    text
}

/// Signs that nobody sees, and that a model may read over.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The text with every white space made one space.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_at_the_very_end_do_no_harm() {
        for text in ["<", "</", "<pass", "<passag\u{e9}", "x<\u{1F600}"] {
            assert_eq!(defused(text), text);
        }
    }
}
