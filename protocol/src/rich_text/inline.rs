//! Spans: emphasis, code, links and breaks inside one block, in one pass from left to right.

use super::{Span, address, head, tail};

/// Marks that may stand open inside each other; further ones are text. Closing one moves what is
/// inside it up by one level, so this also bounds the time.
const MAX_OPEN: usize = 24;
/// Longest run of backticks that can open code.
const MAX_TICKS: usize = 16;

pub(super) fn parse(source: &str) -> Vec<Span> {
    let mut parser =
        Parser { source, at: 0, stack: vec![Frame::new(Mark::Root, "")], missing_ticks: 0 };
    while parser.at < source.len() {
        parser.step();
    }
    while parser.stack.len() > 1 {
        parser.pop_as_text();
    }
    parser.stack.swap_remove(0).spans
}

struct Parser<'a> {
    source: &'a str,
    /// Position of the next byte to read, always on a character's border.
    at: usize,
    /// The root and every mark that is still open, outermost first.
    stack: Vec<Frame<'a>>,
    /// Bit n is set when no run of n backticks follows; searched for once only.
    missing_ticks: u32,
}

struct Frame<'a> {
    mark: Mark,
    /// How the mark was written: it becomes text again when it is never closed.
    opening: &'a str,
    spans: Vec<Span>,
}

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    Root,
    Emphasis(u8),
    Strong(u8),
    Bracket,
    /// A bracket that can no longer become a link.
    PlainBracket,
}

impl<'a> Frame<'a> {
    fn new(mark: Mark, opening: &'a str) -> Self {
        Self { mark, opening, spans: Vec::new() }
    }
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        tail(self.source, self.at)
    }

    /// Reads one mark, or the text up to the next one.
    fn step(&mut self) {
        match self.rest().as_bytes() {
            [b'\n', ..] => {
                self.push(Span::Break);
                self.at += 1;
            }
            [b'\\', mark, ..] if mark.is_ascii_punctuation() => {
                self.at += 1;
                self.take_text(1);
            }
            [b'`', ..] => self.code(),
            [mark @ (b'*' | b'_'), ..] => self.emphasis(*mark),
            [b'!', b'[', ..] => self.open_bracket(2),
            [b'[', ..] => self.open_bracket(1),
            [b']', ..] => self.close_bracket(),
            [b'<', ..] => self.angled_address(),
            [b'h', ..] => self.bare_address(),
            rest => {
                // No mark stands inside a character, so the end is on a border.
                let special = |byte: &u8| b"\n\\`*_![]<h".contains(byte);
                let len = rest[1..].iter().position(special);
                self.take_text(len.map_or(rest.len(), |len| len + 1));
            }
        }
    }

    fn code(&mut self) {
        let rest = self.rest();
        let ticks = rest.bytes().take_while(|byte| *byte == b'`').count();
        let behind = tail(rest, ticks);
        let end = if ticks <= MAX_TICKS && self.missing_ticks & (1 << ticks) == 0 {
            find_run(behind, ticks)
        } else {
            None
        };
        let Some(end) = end else {
            if ticks <= MAX_TICKS {
                self.missing_ticks |= 1 << ticks;
            }
            return self.take_text(ticks);
        };
        let code = head(behind, end).replace('\n', " ");
        // One space on both sides is padding: it lets code begin with a backtick.
        let inner = code.strip_prefix(' ').and_then(|c| c.strip_suffix(' '));
        let text = match inner {
            Some(inner) if !inner.trim().is_empty() => inner.to_owned(),
            _ => code,
        };
        self.push(Span::Code(text));
        self.at += ticks + end + ticks;
    }

    fn emphasis(&mut self, mark: u8) {
        let rest = self.rest();
        let mut len = rest.bytes().take_while(|byte| *byte == mark).count();
        let before = head(self.source, self.at).chars().next_back();
        let after = tail(rest, len).chars().next();
        let (opens, closes) = flanking(mark, before, after);
        while closes && len > 0 {
            let fits = |frame: &Frame| match frame.mark {
                Mark::Emphasis(open) => open == mark,
                Mark::Strong(open) => open == mark && len >= 2,
                _ => false,
            };
            let Some(depth) = self.stack.iter().rposition(fits) else {
                break;
            };
            let frame = self.pop_to(depth);
            len -= frame.opening.len();
            self.at += frame.opening.len();
            self.push(match frame.mark {
                Mark::Strong(_) => Span::Strong(frame.spans),
                _ => Span::Emphasis(frame.spans),
            });
        }
        while opens && len > 0 && self.stack.len() <= MAX_OPEN {
            let (width, kind) = match len % 2 {
                1 => (1, Mark::Emphasis(mark)),
                _ => (2, Mark::Strong(mark)),
            };
            self.stack.push(Frame::new(kind, head(self.rest(), width)));
            len -= width;
            self.at += width;
        }
        self.take_text(len);
    }

    fn open_bracket(&mut self, width: usize) {
        if self.stack.len() <= MAX_OPEN {
            let opening = head(self.rest(), width);
            self.stack.push(Frame::new(Mark::Bracket, opening));
            self.at += width;
        } else {
            self.take_text(width);
        }
    }

    fn close_bracket(&mut self) {
        let open = |frame: &Frame| frame.mark == Mark::Bracket;
        let Some(depth) = self.stack.iter().rposition(open) else {
            return self.take_text(1);
        };
        let Some((address, len)) = address::destination(tail(self.rest(), 1)) else {
            if depth + 1 == self.stack.len() {
                self.pop_as_text();
            } else {
                self.stack[depth].mark = Mark::PlainBracket;
            }
            return self.take_text(1);
        };
        let mut label = self.pop_to(depth).spans;
        label.iter_mut().for_each(unlink);
        if label.is_empty() {
            label.push(Span::Text(address.clone()));
        }
        self.push(Span::Link { address, label });
        self.at += 1 + len;
        // Links do not nest.
        for frame in &mut self.stack {
            if frame.mark == Mark::Bracket {
                frame.mark = Mark::PlainBracket;
            }
        }
    }

    /// `<https://…>`
    fn angled_address(&mut self) {
        match address::angled(self.rest()) {
            Some((address, len)) => {
                self.push_address(address);
                self.at += len;
            }
            None => self.take_text(1),
        }
    }

    /// `https://…` in running text, without the punctuation that belongs to the sentence.
    fn bare_address(&mut self) {
        let rest = self.rest();
        let before = head(self.source, self.at).chars().next_back();
        let in_word = before.is_some_and(char::is_alphanumeric);
        match address::bare(rest).filter(|_| !in_word) {
            Some(address) => {
                self.push_address(address.to_owned());
                self.at += address.len();
            }
            None => self.take_text(1),
        }
    }

    fn push_address(&mut self, address: String) {
        let label = vec![Span::Text(address.clone())];
        self.push(Span::Link { address, label });
    }

    /// Removes the frame at `depth`; what is still open inside it becomes text of it.
    fn pop_to(&mut self, depth: usize) -> Frame<'a> {
        while self.stack.len() > depth + 1 {
            self.pop_as_text();
        }
        self.stack.swap_remove(depth)
    }

    /// Removes the innermost frame: its mark was never closed, so it is text.
    fn pop_as_text(&mut self) {
        if let Some(frame) = self.stack.pop() {
            self.push_text(frame.opening);
            for span in frame.spans {
                match span {
                    Span::Text(text) => self.push_text(&text),
                    span => self.push(span),
                }
            }
        }
    }

    fn take_text(&mut self, len: usize) {
        let text = head(self.rest(), len);
        self.push_text(text);
        self.at += len;
    }

    fn push_text(&mut self, text: &str) {
        let spans = self.spans();
        match spans.last_mut() {
            Some(Span::Text(last)) => last.push_str(text),
            _ if text.is_empty() => {}
            _ => spans.push(Span::Text(text.to_owned())),
        }
    }

    fn push(&mut self, span: Span) {
        self.spans().push(span);
    }

    fn spans(&mut self) -> &mut Vec<Span> {
        let innermost = self.stack.len() - 1;
        &mut self.stack[innermost].spans
    }
}

/// Whether a run of `*` or `_` may open and may close, by its neighbours (CommonMark 0.31, 6.2).
fn flanking(mark: u8, before: Option<char>, after: Option<char>) -> (bool, bool) {
    let space = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let punctuation = |c: Option<char>| c.is_some_and(|c| !c.is_alphanumeric() && !space(Some(c)));
    let left = !space(after) && (!punctuation(after) || space(before) || punctuation(before));
    let right = !space(before) && (!punctuation(before) || space(after) || punctuation(after));
    match mark {
        b'_' => (left && (!right || punctuation(before)), right && (!left || punctuation(after))),
        _ => (left, right),
    }
}

/// Position of a run of exactly `len` backticks.
fn find_run(text: &str, len: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let run = bytes[at..].iter().take_while(|byte| **byte == b'`').count();
        if run == len {
            return Some(at);
        }
        at += run.max(1);
    }
    None
}

/// Turns a bare address inside a label back into text; its own text is its whole address.
fn unlink(span: &mut Span) {
    match span {
        Span::Strong(inner) | Span::Emphasis(inner) => inner.iter_mut().for_each(unlink),
        Span::Link { address, .. } => *span = Span::Text(std::mem::take(address)),
        _ => {}
    }
}
