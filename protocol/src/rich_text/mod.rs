//! Rich text as a tree. Clients build nodes from it one by one; it never becomes an HTML string.
//!
//! [`parse`] reads the part of CommonMark that chat answers use. It accepts every input: what is
//! not markup is text. It reads a growing answer gracefully: an unclosed mark at the end is text
//! until it is closed, and an unclosed fence is code.
//!
//! Work and depth are bounded: time grows linearly with the text, whatever the text is.

mod address;
mod block;
mod inline;

/// One block of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Lines up to a blank one or the start of another block; a line break is a [`Span::Break`].
    Paragraph(Vec<Span>),
    /// Level 1 to 6.
    Heading(u8, Vec<Span>),
    /// A bulleted list; each item is a list of blocks.
    Bullets(Vec<Vec<Block>>),
    /// A numbered list and its first number.
    Numbers(u64, Vec<Vec<Block>>),
    /// What stands behind `>`.
    Quote(Vec<Block>),
    /// Fenced code, verbatim. The word after the fence, a language, is not kept.
    Code(String),
    /// A line of three or more `-`, `*` or `_`.
    Rule,
}

/// A run of text inside a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// Plain text, to be shown as it is; marks that were never closed are part of it.
    Text(String),
    /// What stands between `**` or `__`.
    Strong(Vec<Span>),
    /// What stands between `*` or `_`.
    Emphasis(Vec<Span>),
    /// What stands between backticks, verbatim except that line breaks are spaces.
    Code(String),
    /// A link. The address starts with `http://`, `https://`, `mailto:` or `tel:`, nothing else.
    Link {
        /// Its scheme is in lower case; nothing else of it is changed.
        address: String,
        /// What is shown: never empty, and with no link inside.
        label: Vec<Span>,
    },
    /// A line break within a block.
    Break,
}

/// Reads light Markdown.
///
/// Differences from CommonMark, because people write chat messages and not documents: a single
/// line break is a [`Span::Break`], an unindented line after a list ends the list, bare `http` and
/// `https` addresses are links, and there are no tables, images, reference links, indented code,
/// HTML or entities.
pub fn parse(source: &str) -> Vec<Block> {
    let lines: Vec<&str> = source.lines().collect();
    block::parse(&lines, 0)
}

/// The first `len` bytes. Beyond the end, or inside a character, there is nothing: the code that
/// words a panic about it would be carried to every page.
fn head(text: &str, len: usize) -> &str {
    text.get(..len).unwrap_or_default()
}

/// What stands behind the first `len` bytes.
fn tail(text: &str, len: usize) -> &str {
    text.get(len..).unwrap_or_default()
}
