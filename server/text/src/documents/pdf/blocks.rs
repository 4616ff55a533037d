use std::collections::HashMap;

use super::rows::{Cell, Row};
use crate::documents::text::{Blocks, one_line};

/// How much larger than the text a heading is at least.
const HEADING: f64 = 1.15;
/// Longest heading that is only known by its bold type, in characters.
const BOLD_HEADING_CHARS: usize = 90;
/// A step to the next line this much higher than usual ends a paragraph.
const PARAGRAPH: f64 = 1.3;

/// The sizes of type in a document.
pub(super) struct Sizes {
    /// Those of headings, largest first.
    headings: Vec<f64>,
    /// Whether bold type is rare enough to mark headings.
    bold_marks: bool,
}

impl Sizes {
    pub(super) fn of<'r>(rows: impl Iterator<Item = &'r Row>) -> Self {
        let mut chars = HashMap::<u64, usize>::new();
        let (mut bold, mut all) = (0, 0);
        for row in rows {
            let in_row = row.text().chars().count();
            *chars.entry(halves(row.size)).or_default() += in_row;
            bold += if row.is_bold { in_row } else { 0 };
            all += in_row;
        }
        let most = chars.iter().max_by_key(|(size, chars)| (**chars, **size));
        let body = most.map_or(0.0, |(size, _)| *size as f64 / 2.0);
        let mut headings: Vec<u64> =
            chars.into_keys().filter(|size| *size as f64 / 2.0 >= HEADING * body).collect();
        headings.sort_unstable_by(|a, b| b.cmp(a));
        let headings = headings.into_iter().map(|size| size as f64 / 2.0).collect();
        Self { headings, bold_marks: bold * 4 < all }
    }

    /// Whether a row is larger than the text.
    fn is_large(&self, row: &Row) -> bool {
        self.place(row).is_some()
    }

    fn place(&self, row: &Row) -> Option<usize> {
        self.headings.iter().position(|size| halves(*size) == halves(row.size))
    }

    fn heading_level(&self, row: &Row) -> Option<u8> {
        let by_size = self.place(row).map(|place| (place + 1).min(3));
        let is_title = row.cells.len() <= 2 && row.text().chars().any(char::is_alphabetic);
        let looks_bold = || {
            let text = row.text();
            row.is_bold
                && self.bold_marks
                && (row.cells.len() == 1 || is_numbered(row))
                && text.chars().count() <= BOLD_HEADING_CHARS
                && !text.ends_with(['.', ',', ';', ':'])
        };
        let by_weight = || looks_bold().then(|| (self.headings.len() + 1).min(4));
        let level = by_size.or_else(by_weight).filter(|_| is_title)?;
        u8::try_from(level).ok()
    }
}

/// The text of one page.
pub(super) fn text(rows: &[Row], sizes: &Sizes) -> String {
    let step = usual_step(rows);
    let mut blocks = Blocks::default();
    let mut at = 0;
    while at < rows.len() {
        at = table(rows, at, sizes, &mut blocks)
            .or_else(|| heading(rows, at, sizes, &mut blocks))
            .or_else(|| item(rows, at, step, &mut blocks))
            .unwrap_or_else(|| paragraph(rows, at, step, sizes, &mut blocks));
    }
    blocks.finish()
}

/// Rows of several cells under one another; returns where what follows begins.
fn table(rows: &[Row], at: usize, sizes: &Sizes, blocks: &mut Blocks) -> Option<usize> {
    let mut end = at;
    while let Some(row) = rows.get(end) {
        let is_near = end == at || follows(&rows[end - 1], row, 3.0 * row.size);
        let is_other = marker(row).is_some() || sizes.is_large(row);
        if row.cells.len() < 2 || is_other || !is_near {
            break;
        }
        end += 1;
    }
    let part = &rows[at..end];
    if part.len() < 2 {
        return None;
    }
    let columns = columns(part)?;
    let written = part.iter().map(|row| {
        let mut cells = vec![String::new(); columns.len()];
        for cell in &row.cells {
            let column = nearest(&columns, cell);
            if let Some(place) = cells.get_mut(column) {
                if !place.is_empty() {
                    place.push(' ');
                }
                place.push_str(&cell.text);
            }
        }
        cells
    });
    blocks.table(&written.collect::<Vec<_>>());
    Some(end)
}

/// What the cells of the rows with most cells cover, from left to right. Other rows may have cells
/// that reach over several columns.
///
/// `None` if there is no white space from top to bottom between them, as there never is between
/// the words of running text.
fn columns(rows: &[Row]) -> Option<Vec<(f64, f64)>> {
    let most = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let fullest = rows.iter().filter(|row| row.cells.len() == most);
    let mut ranges: Vec<(f64, f64)> =
        fullest.flat_map(|row| &row.cells).map(|cell| (cell.x0, cell.x1)).collect();
    ranges.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut columns: Vec<(f64, f64)> = Vec::new();
    for (from, to) in ranges {
        match columns.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => columns.push((from, to)),
        }
    }
    let size = rows.iter().map(|row| row.size).fold(0.0, f64::max);
    let is_apart = |pair: &[(f64, f64)]| pair[1].0 - pair[0].1 > 0.8 * size;
    (columns.len() > 1 && columns.windows(2).all(is_apart)).then_some(columns)
}

/// The column that covers most of a cell, else the one that is nearest.
fn nearest(columns: &[(f64, f64)], cell: &Cell) -> usize {
    let shared = |(from, to): &(f64, f64)| to.min(cell.x1) - from.max(cell.x0);
    let by_shared = |a: &usize, b: &usize| shared(&columns[*a]).total_cmp(&shared(&columns[*b]));
    (0..columns.len()).max_by(by_shared).unwrap_or(0)
}

fn heading(rows: &[Row], at: usize, sizes: &Sizes, blocks: &mut Blocks) -> Option<usize> {
    let level = sizes.heading_level(&rows[at])?;
    let mut end = at + 1;
    while let Some(row) = rows.get(end) {
        let goes_on = sizes.heading_level(row) == Some(level)
            && halves(row.size) == halves(rows[at].size)
            && follows(&rows[end - 1], row, 1.6 * row.size);
        if !goes_on || end - at >= 3 {
            break;
        }
        end += 1;
    }
    let lines: Vec<String> = rows[at..end].iter().map(Row::text).collect();
    blocks.heading(level, &lines.join(" "));
    Some(end)
}

fn item(rows: &[Row], at: usize, step: f64, blocks: &mut Blocks) -> Option<usize> {
    let (marker, first) = marker(&rows[at])?;
    let left = rows[at].x0();
    let mut text = first;
    let mut end = at + 1;
    while let Some(row) = rows.get(end) {
        let is_indented = row.x0() > left + 0.5 * row.size;
        let is_near = follows(&rows[end - 1], row, PARAGRAPH * step.max(row.size));
        if !is_indented || !is_near || self::marker(row).is_some() || row.cells.len() > 1 {
            break;
        }
        join(&mut text, &row.text());
        end += 1;
    }
    blocks.item(0, &marker, &text);
    Some(end)
}

fn paragraph(rows: &[Row], at: usize, step: f64, sizes: &Sizes, blocks: &mut Blocks) -> usize {
    let mut text = rows[at].text();
    let mut end = at + 1;
    while let Some(row) = rows.get(end) {
        let before = &rows[end - 1];
        let size = row.size;
        let is_indented = row.x0() - before.x0() > 0.8 * size && end - at > 1;
        let is_break = breaks_off(before, row);
        let ended_early = is_break && ends_sentence(&before.text());
        let goes_on = follows(before, row, PARAGRAPH * step.max(size))
            && !row.is_apart
            && !is_indented
            && !ended_early
            && halves(before.size).abs_diff(halves(size)) <= 1
            && marker(row).is_none()
            && sizes.heading_level(row).is_none()
            && table_begins(rows, end).is_none();
        if !goes_on {
            break;
        }
        if is_break {
            text.push('\n');
            text.push_str(&row.text());
        } else {
            join(&mut text, &row.text());
        }
        end += 1;
    }
    blocks.paragraph(&text);
    end
}

fn table_begins(rows: &[Row], at: usize) -> Option<()> {
    let (first, second) = (rows.get(at)?, rows.get(at + 1)?);
    let both = first.cells.len() > 1 && second.cells.len() > 1 && marker(first).is_none();
    (both && columns(&rows[at..at + 2]).is_some()).then_some(())
}

/// Whether a row is a number and a text, as `2.1  Sizes`.
fn is_numbered(row: &Row) -> bool {
    let number = row.cells.first().map_or("", |cell| cell.text.as_str());
    row.cells.len() == 2 && number.chars().all(|c| c.is_ascii_digit() || c == '.')
}

/// Whether a line ends although the first word of the next would have found room on it: then
/// the break is meant, as in an address or in a list without marks.
fn breaks_off(line: &Row, next: &Row) -> bool {
    let text = next.text();
    let first = text.split_whitespace().next().unwrap_or_default().chars().count() + 1;
    let share = first as f64 / text.chars().count().max(1) as f64;
    line.x1() + share * (next.x1() - next.x0()) < line.right - 0.5 * line.size
}

/// Whether a row stands at most `most` under the one before.
fn follows(before: &Row, row: &Row, most: f64) -> bool {
    let step = before.y - row.y;
    step > 0.0 && step <= most && !row.is_apart
}

/// The usual step from line to line.
fn usual_step(rows: &[Row]) -> f64 {
    let mut steps: Vec<f64> = rows
        .windows(2)
        .map(|pair| pair[0].y - pair[1].y)
        .zip(rows)
        .filter(|(step, row)| *step > 0.5 * row.size && *step < 2.5 * row.size)
        .map(|(step, _)| step)
        .collect();
    steps.sort_by(f64::total_cmp);
    // Below the middle: most steps are inside paragraphs, unless all paragraphs are one line.
    steps.get(steps.len() * 2 / 5).copied().unwrap_or(0.0)
}

/// The mark of a list item as Markdown writes it, and the text behind it.
fn marker(row: &Row) -> Option<(String, String)> {
    let text = one_line(&row.text());
    let (first, rest) = text.split_once(' ')?;
    let mut chars = first.chars();
    let is_sign = matches!((chars.next(), chars.next()), (Some(c), None) if is_bullet(c));
    if is_sign {
        return Some(("-".to_owned(), rest.to_owned()));
    }
    let number = first.trim_start_matches('(').strip_suffix(['.', ')'])?;
    let is_number = (1..=3).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| (format!("{number}."), rest.to_owned()))
}

/// Symbol fonts have their bullets in the range for private use.
fn is_bullet(c: char) -> bool {
    "•‣◦▪▫●○■□◆–*·∙⁃➢➤✓\u{fffd}".contains(c) || ('\u{e000}'..='\u{f8ff}').contains(&c)
}

/// Adds a line to a paragraph; a word that was divided at its end becomes whole again.
fn join(text: &mut String, line: &str) {
    let divided = text.ends_with('-')
        && text.chars().rev().nth(1).is_some_and(char::is_lowercase)
        && line.chars().next().is_some_and(char::is_lowercase);
    if divided {
        text.pop();
    } else {
        text.push(' ');
    }
    text.push_str(line);
}

fn ends_sentence(text: &str) -> bool {
    text.trim_end().ends_with(['.', '!', '?', ':', '。'])
}

/// A size in half points, in which sizes that differ by rounding are the same.
fn halves(size: f64) -> u64 {
    (size * 2.0).round().clamp(0.0, 10_000.0) as u64
}
