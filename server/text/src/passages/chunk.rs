//! From an article's text to passages: parts that are short enough to be quoted or given to a
//! model, and long enough to be understood alone.

use std::ops::Range;

use super::pages;
use super::sentences;

/// Longest passage, in characters, before a heading or an overlap is put in front of it.
const MAX_CHARS: usize = 1000;
/// A heading begins a new passage once the one before has this many characters.
const TOPIC_CHARS: usize = 300;
/// Longest heading, in characters.
const HEADING_CHARS: usize = 80;
/// Most headings that are taken along to what follows them.
const HEADINGS: usize = 2;
/// Longest head of a table that is repeated where the table had to be cut, in characters.
const TABLE_HEAD_CHARS: usize = 240;
/// Longest sentence that is repeated where a paragraph had to be cut, in characters.
const OVERLAP_CHARS: usize = 160;

/// A passage: what a model is shown or an answer quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// One part of the article, with the headings, table head or sentence that belong in front of
    /// it.
    pub text: String,
    /// Page of the document on which it begins; `None` for texts without pages.
    pub page: Option<u32>,
}

/// The passages of a text, in order.
///
/// Borders lie between paragraphs. Only a paragraph that is too long is cut: between lines, else
/// between sentences, else between words; the next passage then begins with the sentence before
/// the cut. A heading stays with what follows it, and where a section is cut, what comes later
/// begins with the section's headings again. A table that is cut has its head again. Every
/// visible character of the text is in at least one passage, but for the lines that say where a
/// page begins.
pub fn passages(text: &str) -> Vec<Passage> {
    let (text, mut pages) = Pages::of(text);
    let mut context = Context::default();
    let mut passages = Vec::new();
    for piece in cut(&text) {
        let part = &text[piece.range.clone()];
        let own = part.trim_matches('\n').trim_end();
        if own.trim().is_empty() {
            continue;
        }
        let skipped = part.len() - part.trim_start_matches('\n').len();
        let page = pages.at(piece.range.start + skipped + piece.overlap);
        passages.push(Passage { text: context.before(own), page });
        context.read(&text[piece.range.start + piece.overlap..piece.range.end]);
    }
    passages
}

/// Where pages begin.
struct Pages {
    /// Where each page begins, with its number.
    begins: Vec<(usize, u32)>,
    /// How many of them have been passed.
    passed: usize,
}

impl Pages {
    /// The text without the lines that say where pages begin, and where in it they do.
    fn of(marked: &str) -> (String, Self) {
        let mut text = String::with_capacity(marked.len());
        let mut begins = Vec::new();
        for line in marked.split_inclusive('\n') {
            match pages::number(line) {
                Some(number) => begins.push((text.len(), number)),
                None => text.push_str(line),
            }
        }
        (text, Self { begins, passed: 0 })
    }

    /// The page at a place; places are asked for in rising order.
    fn at(&mut self, place: usize) -> Option<u32> {
        while self.begins.get(self.passed).is_some_and(|(begin, _)| *begin <= place) {
            self.passed += 1;
        }
        self.passed.checked_sub(1).map(|last| self.begins[last].1)
    }
}

/// What a reader knows from further above: the headings over a place, and the head of the table
/// that it is in.
#[derive(Default)]
struct Context {
    /// Level and line of each heading in force.
    headings: Vec<(usize, String)>,
    /// The first two lines of the table that goes on.
    table: Option<String>,
}

impl Context {
    /// A passage with what has to stand in front of it.
    fn before(&self, passage: &str) -> String {
        let first = passage.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let deepest = heading_level(first).unwrap_or(usize::MAX);
        let mut lines: Vec<&str> = self
            .headings
            .iter()
            .filter(|(level, line)| *level < deepest && line.chars().count() <= HEADING_CHARS)
            .map(|(_, line)| line.as_str())
            .collect();
        let further = lines.len().saturating_sub(HEADINGS);
        lines.drain(..further);
        if let Some(table) = self.table.as_deref().filter(|_| first.starts_with('|')) {
            lines.push(table);
        }
        lines.push(passage);
        lines.join("\n")
    }

    fn read(&mut self, part: &str) {
        let mut before = "";
        for line in part.lines().map(str::trim_end) {
            if let Some(level) = heading_level(line) {
                self.headings.retain(|(other, _)| *other < level);
                self.headings.push((level, line.to_owned()));
            }
            let is_rule = line.starts_with("|--") && line.chars().all(|c| "|-: ".contains(c));
            if !line.starts_with('|') && !line.is_empty() {
                self.table = None;
            } else if is_rule && before.starts_with('|') {
                let head = format!("{before}\n{line}");
                self.table = (head.chars().count() <= TABLE_HEAD_CHARS).then_some(head);
            }
            before = line;
        }
    }
}

/// The level of a Markdown heading.
fn heading_level(line: &str) -> Option<usize> {
    let marks = line.len() - line.trim_start_matches('#').len();
    ((1..=6).contains(&marks) && line[marks..].starts_with(' ')).then_some(marks)
}

/// A part of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    range: Range<usize>,
    /// How many bytes at the beginning are a repetition of the piece before.
    overlap: usize,
}

/// What is never cut any further.
#[derive(Clone, Debug)]
struct Unit {
    range: Range<usize>,
    chars: usize,
    is_heading: bool,
    /// It belongs to the same paragraph as the unit before.
    continues: bool,
}

fn cut(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut current: Vec<Unit> = Vec::new();
    let mut overlap = 0;
    for unit in units(text) {
        let chars: usize = current.iter().map(|unit| unit.chars).sum();
        let has_body = current.iter().any(|unit| !unit.is_heading);
        let is_full = chars + unit.chars > MAX_CHARS;
        let is_new_topic = unit.is_heading && chars >= TOPIC_CHARS;
        if (has_body && is_new_topic) || (is_full && !current.is_empty()) {
            let headings = current.iter().rev().take_while(|unit| unit.is_heading).count();
            let next = current.split_off(current.len() - headings.min(HEADINGS));
            let last = current.last().cloned();
            pieces.extend(piece(&current, overlap));
            overlap = 0;
            current = next;
            if let Some(last) = last
                && unit.continues
                && last.chars <= OVERLAP_CHARS
            {
                overlap = last.range.len();
                current.insert(0, last);
            }
        }
        current.push(unit);
    }
    pieces.extend(piece(&current, overlap));
    pieces
}

fn piece(units: &[Unit], overlap: usize) -> Option<Piece> {
    let range = units.first()?.range.start..units.last()?.range.end;
    Some(Piece { range, overlap })
}

/// The whole text as units, without gaps.
fn units(text: &str) -> Vec<Unit> {
    let paragraphs = paragraphs(text);
    let mut units = Vec::new();
    for (index, range) in paragraphs.iter().enumerate() {
        let paragraph = &text[range.clone()];
        let has_next = index + 1 < paragraphs.len();
        if paragraph.chars().count() <= MAX_CHARS {
            units.push(Unit {
                range: range.clone(),
                chars: paragraph.chars().count(),
                is_heading: has_next && is_heading(paragraph),
                continues: false,
            });
            continue;
        }
        for (part_index, part) in parts(paragraph).into_iter().enumerate() {
            units.push(Unit {
                chars: paragraph[part.clone()].chars().count(),
                range: range.start + part.start..range.start + part.end,
                is_heading: false,
                continues: part_index > 0,
            });
        }
    }
    units
}

/// Paragraphs with the empty lines that follow them. A Markdown heading is one of its own.
fn paragraphs(text: &str) -> Vec<Range<usize>> {
    let mut paragraphs = Vec::new();
    let (mut start, mut at) = (0, 0);
    let (mut after_blank, mut after_heading) = (false, false);
    for line in text.split_inclusive('\n') {
        let is_blank = line.trim().is_empty();
        let is_heading = line.starts_with('#');
        let has_content = !text[start..at].trim().is_empty();
        if has_content && !is_blank && (after_blank || after_heading || is_heading) {
            paragraphs.push(start..at);
            start = at;
        }
        at += line.len();
        after_blank = is_blank;
        after_heading = is_heading || (after_heading && is_blank);
    }
    if start < text.len() {
        paragraphs.push(start..text.len());
    }
    paragraphs
}

/// A single short line that is no sentence and no list item.
fn is_heading(paragraph: &str) -> bool {
    let line = paragraph.trim();
    let is_short = !line.contains('\n') && line.chars().count() <= HEADING_CHARS;
    is_short
        && (line.starts_with('#')
            || (line.starts_with(char::is_alphabetic)
                && !line.ends_with(['.', '!', '?', ';', ',', '。', '！', '？', '।', '…'])))
}

/// A long paragraph in lines, long lines in sentences, and long sentences in words.
fn parts(paragraph: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut line_start = 0;
    for line in paragraph.split_inclusive('\n') {
        if line.chars().count() <= OVERLAP_CHARS {
            parts.push(line_start..line_start + line.len());
        } else {
            for sentence in sentences(line) {
                let start = line_start + sentence.start;
                let ranges = words(&line[sentence]).into_iter();
                parts.extend(ranges.map(|range| start + range.start..start + range.end));
            }
        }
        line_start += line.len();
    }
    parts
}

/// A sentence as it is, or if it is too long, in parts that end at white space where there is some.
fn words(sentence: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    while let Some((limit, _)) = sentence[start..].char_indices().nth(MAX_CHARS) {
        let window = &sentence[start..start + limit];
        let end = match window.rfind(char::is_whitespace) {
            Some(space) => space + window[space..].chars().next().map_or(0, char::len_utf8),
            None => limit,
        };
        ranges.push(start..start + end);
        start += end;
    }
    if start < sentence.len() {
        ranges.push(start..sentence.len());
    }
    ranges
}

#[cfg(test)]
mod tests;
