//! Blocks: paragraphs, headings, lists, quotes, code and rules, line by line.

use super::{Block, head, inline, tail};

/// Quotes and lists inside each other; deeper ones are text. Each level reads its lines once, so
/// this also bounds the time.
const MAX_DEPTH: usize = 8;

/// Reads the lines of one container.
pub(super) fn parse(lines: &[&str], depth: usize) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut rest = lines;
    while let [line, ..] = rest {
        let (block, taken) = match Start::of(line) {
            Start::Blank => {
                rest = &rest[1..];
                continue;
            }
            Start::Rule => (Block::Rule, 1),
            Start::Heading(level, text) => (Block::Heading(level, inline::parse(text)), 1),
            Start::Fence(fence) => code(&fence, rest),
            Start::Quote(_) if depth < MAX_DEPTH => quote(rest, depth),
            Start::Item(item) if depth < MAX_DEPTH => list(&item, rest, depth),
            Start::Quote(_) | Start::Item(_) | Start::Text => paragraph(rest),
        };
        blocks.push(block);
        rest = &rest[taken..];
    }
    blocks
}

/// What a line looks like on its own.
enum Start<'a> {
    Blank,
    Rule,
    Heading(u8, &'a str),
    Fence(Fence),
    /// What stands behind the `>`.
    Quote(&'a str),
    Item(Item<'a>),
    Text,
}

struct Fence {
    mark: u8,
    len: usize,
    indent: usize,
}

struct Item<'a> {
    /// `None` for a bullet.
    number: Option<u64>,
    /// Columns before the marker, and from the line's start to the text.
    indent: usize,
    width: usize,
    text: &'a str,
}

impl<'a> Start<'a> {
    fn of(line: &'a str) -> Self {
        let text = line.trim_start();
        let indent = columns(line, text);
        match text.as_bytes() {
            [] => Self::Blank,
            [b'#', ..] => heading(text).unwrap_or(Self::Text),
            [b'`' | b'~', ..] => fence(text, indent).map_or(Self::Text, Self::Fence),
            [b'>', ..] => Self::Quote(quoted(text)),
            [b'-' | b'*' | b'_', ..] if is_rule(text) => Self::Rule,
            _ => item(text, indent).map_or(Self::Text, Self::Item),
        }
    }

    /// Whether the line ends a paragraph above it. A number does so only where a list would begin,
    /// so that a sentence may continue with "1998. ".
    fn interrupts(&self) -> bool {
        match self {
            Self::Text => false,
            Self::Item(item) => item.number.is_none_or(|number| number == 1),
            _ => true,
        }
    }
}

/// What stands behind the `>`, and one space.
fn quoted(text: &str) -> &str {
    let inner = tail(text, 1);
    inner.strip_prefix(' ').unwrap_or(inner)
}

fn heading<'a>(text: &'a str) -> Option<Start<'a>> {
    let title = text.trim_start_matches('#');
    let level = text.len() - title.len();
    let spaced = title.is_empty() || title.starts_with([' ', '\t']);
    (level <= 6 && spaced).then(|| {
        let title = title.trim();
        let bare = title.trim_end_matches('#');
        // A closing run of # counts as decoration only behind a space: "C#" keeps its own.
        let title = if bare.is_empty() || bare.ends_with(' ') { bare.trim_end() } else { title };
        Start::Heading(level as u8, title)
    })
}

fn fence(text: &str, indent: usize) -> Option<Fence> {
    let mark = text.as_bytes()[0];
    let len = run(text, mark);
    let info = tail(text, len);
    (len >= 3 && (mark == b'~' || !info.contains('`'))).then_some(Fence { mark, len, indent })
}

fn is_rule(text: &str) -> bool {
    let mark = text.as_bytes()[0];
    let mut count = 0;
    text.bytes().all(|byte| {
        count += usize::from(byte == mark);
        byte == mark || byte == b' ' || byte == b'\t'
    }) && count >= 3
}

fn item(text: &str, indent: usize) -> Option<Item<'_>> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (marker, number) = match text.as_bytes().get(digits)? {
        b'-' | b'*' | b'+' if digits == 0 => (1, None),
        b'.' | b')' if (1..=9).contains(&digits) => (digits + 1, head(text, digits).parse().ok()),
        _ => return None,
    };
    let behind = tail(text, marker);
    let content = behind.trim_start();
    let gap = columns(behind, content);
    (gap > 0).then(|| Item {
        number,
        indent,
        width: indent + marker + if content.is_empty() { 1 } else { gap },
        text: content,
    })
}

fn code(fence: &Fence, lines: &[&str]) -> (Block, usize) {
    let closes = |line: &&str| {
        let text = line.trim();
        run(text, fence.mark) >= fence.len && run(text, fence.mark) == text.len()
    };
    let body = &lines[1..];
    let end = body.iter().position(closes);
    let mut text = String::new();
    for line in &body[..end.unwrap_or(body.len())] {
        text.push_str(unindent(line, fence.indent));
        text.push('\n');
    }
    text.pop();
    (Block::Code(text), end.map_or(lines.len(), |end| end + 2))
}

fn quote(lines: &[&str], depth: usize) -> (Block, usize) {
    let inner: Vec<&str> = lines
        .iter()
        .map_while(|line| match Start::of(line) {
            Start::Quote(text) => Some(text),
            _ => None,
        })
        .collect();
    (Block::Quote(parse(&inner, depth + 1)), inner.len())
}

/// A list goes on with indented lines, blank lines between those, and further markers of its kind.
fn list(first: &Item, lines: &[&str], depth: usize) -> (Block, usize) {
    let inside = first.indent + 2;
    let mut items = Vec::new();
    let mut current = vec![first.text];
    let mut width = first.width;
    let mut taken = 1;
    for (at, line) in lines.iter().enumerate().skip(1) {
        let text = line.trim_start();
        if text.is_empty() {
            current.push("");
        } else if columns(line, text) >= inside {
            current.push(unindent(line, width));
            taken = at + 1;
        } else {
            match Start::of(line) {
                Start::Item(next) if next.number.is_some() == first.number.is_some() => {
                    items.push(parse(&current, depth + 1));
                    current = vec![next.text];
                    width = next.width;
                    taken = at + 1;
                }
                _ => break,
            }
        }
    }
    items.push(parse(&current, depth + 1));
    let block = match first.number {
        Some(number) => Block::Numbers(number, items),
        None => Block::Bullets(items),
    };
    (block, taken)
}

fn paragraph(lines: &[&str]) -> (Block, usize) {
    let more = lines[1..].iter().take_while(|line| !Start::of(line).interrupts()).count();
    let taken = 1 + more;
    let mut text = String::new();
    for line in &lines[..taken] {
        text.push_str(line.trim());
        text.push('\n');
    }
    text.pop();
    (Block::Paragraph(inline::parse(&text)), taken)
}

/// Columns of white space between the start of `line` and its end part `text`; a tab counts four.
fn columns(line: &str, text: &str) -> usize {
    let space = head(line, line.len() - text.len());
    space.chars().map(column).sum()
}

fn column(space: char) -> usize {
    if space == '\t' { 4 } else { 1 }
}

/// The line without up to `width` columns of white space in front.
fn unindent(line: &str, width: usize) -> &str {
    let mut removed = 0;
    line.trim_start_matches(|c: char| {
        let goes = c.is_whitespace() && removed < width;
        removed += column(c);
        goes
    })
}

/// How many times `mark` stands at the start of the text.
fn run(text: &str, mark: u8) -> usize {
    text.bytes().take_while(|byte| *byte == mark).count()
}
