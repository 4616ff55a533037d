//! How a passage is laid out: paragraphs, lists, and the lines above them.

use std::ops::Range;

use cavuer_text::passages::sentences;

/// Longest line that can be a row or a heading, in characters.
const ROW_CHARS: usize = 80;

/// A paragraph or a list.
pub(super) struct Group<'a> {
    /// The heading, or the line above a list.
    pub lead_in: Option<&'a str>,
    pub form: Form,
    pub source: &'a str,
    pub units: Vec<Range<usize>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Sentences.
    Prose,
    /// Lines that stay whole: list items, table rows, addresses.
    Rows,
}

impl<'a> Group<'a> {
    /// One of the units, without the white space around it.
    pub(super) fn unit(&self, index: usize) -> &'a str {
        self.source[self.units[index].clone()].trim()
    }

    /// Running text under no heading of its own.
    pub(super) fn is_plain(&self) -> bool {
        self.form == Form::Prose && self.lead_in.is_none()
    }
}

/// The paragraphs and lists of a passage, each with its heading or the line above it.
pub(super) fn groups(passage: &str) -> Vec<Group<'_>> {
    let mut groups = Vec::new();
    let mut lead_in = None;
    let paragraphs = merge_rows(passage, &split_paragraphs(passage));
    let last = paragraphs.len().saturating_sub(1);
    for (index, source) in paragraphs.into_iter().enumerate() {
        let mut source = source;
        let is_single = !source.trim().contains('\n');
        if index < last && is_single && (is_open(source) || source.starts_with('#')) {
            lead_in = Some(heading_text(source));
            continue;
        }
        if let Some((first, rest)) = source.split_once('\n')
            && (first.trim_end().ends_with([':', '：']) || first.starts_with('#'))
            && !rest.trim().is_empty()
        {
            lead_in = Some(heading_text(first));
            source = rest;
        }
        let form = if is_list(source) { Form::Rows } else { Form::Prose };
        let units = match form {
            Form::Rows => line_ranges(source),
            Form::Prose => sentences(source),
        };
        groups.push(Group { lead_in: lead_in.take(), form, source, units });
    }
    groups
}

/// A heading or a line above a list, without marks.
fn heading_text(line: &str) -> &str {
    line.trim_start_matches('#').trim()
}

/// Lines with an empty line between each two make a list if there are several in a row and none
/// ends as a sentence does.
fn merge_rows<'a>(passage: &'a str, paragraphs: &[Range<usize>]) -> Vec<&'a str> {
    let mut merged: Vec<Range<usize>> = Vec::new();
    let mut rows = 0;
    for range in paragraphs {
        let paragraph = &passage[range.clone()];
        let is_row = !paragraph.trim().contains('\n')
            && is_open(paragraph)
            && !paragraph.trim_end().ends_with([':', '：'])
            && !paragraph.starts_with('#');
        rows = if is_row { rows + 1 } else { 0 };
        match merged.last_mut() {
            Some(last) if rows > 1 => last.end = range.end,
            _ => merged.push(range.clone()),
        }
    }
    merged.into_iter().map(|range| &passage[range]).collect()
}

fn split_paragraphs(text: &str) -> Vec<Range<usize>> {
    let mut paragraphs = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        if line.trim().is_empty() {
            paragraphs.push(start..at);
            start = at + line.len();
        }
        at += line.len();
    }
    paragraphs.push(start..text.len());
    paragraphs.retain(|range| !text[range.clone()].trim().is_empty());
    paragraphs
}

fn line_ranges(text: &str) -> Vec<Range<usize>> {
    let mut at = 0;
    let lines = text.split_inclusive('\n').map(|line| {
        at += line.len();
        at - line.len()..at
    });
    lines.filter(|range| !text[range.clone()].trim().is_empty()).collect()
}

/// A line that is not too long and does not end as a sentence does.
fn is_open(line: &str) -> bool {
    let line = line.trim();
    line.chars().count() <= ROW_CHARS
        && !line.ends_with(['.', '!', '?', '…', '。', '！', '？', '।', ',', ';'])
}

/// Lines that stand for themselves: marked as items, cells of a table, or short and open.
fn is_list(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let count = |fits: fn(&str) -> bool| lines.iter().filter(|line| fits(line)).count();
    let items = count(is_list_item);
    items == lines.len()
        || (lines.len() > 1
            && (items * 2 > lines.len()
                || count(|line| line.contains(['|', '\t'])) == lines.len()
                || count(is_open) * 4 >= lines.len() * 3))
}

/// Whether a line begins with a list's mark or a number.
pub(super) fn is_list_item(line: &str) -> bool {
    let line = line.trim_start();
    let after_number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    line.starts_with(['•', '–'])
        || ["- ", "* ", "+ "].iter().any(|mark| line.starts_with(mark))
        || (after_number.len() < line.len()
            && (after_number.starts_with(". ") || after_number.starts_with(") ")))
}
