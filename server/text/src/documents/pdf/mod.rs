//! Text from PDF documents.
//!
//! A PDF places signs on pages and knows neither words nor lines. [`interpret`] follows the page's
//! operators as far as text goes, [`spans`] makes stretches of text of the signs, [`rows`] finds
//! rows and columns, and [`blocks`] makes paragraphs, headings, lists and tables of them. Nothing
//! is drawn: pictures are counted and never unpacked.

mod blocks;
mod interpret;
mod rows;
mod spans;

use std::collections::HashMap;

use cavuer_protocol::notice::{self, Notice, NoticeValue};
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use super::{ExtractError, Extracted};
use crate::passages::pages;
use interpret::Interpreter;
use rows::Row;

/// Most pages of one document.
const PAGES: usize = 2_000;
/// A page with fewer letters than this and with pictures is taken for a picture of a page.
const SCANNED_LETTERS: usize = 12;
/// Repeated at the edges of so many pages, a line is a running head.
const RUNNING_HEAD: usize = 3;

/// The text of all pages, in reading order as far as the layout tells.
pub(super) fn extract(
    bytes: &[u8],
    progress: &mut dyn FnMut(f32),
) -> Result<Extracted, ExtractError> {
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => ExtractError::Encrypted,
        LoadPdfError::Decryption(_) => ExtractError::Encrypted,
        LoadPdfError::Invalid => ExtractError::Damaged(notice::damaged_or_cut_off()),
    })?;
    let count = pdf.pages().len();
    if count == 0 {
        return Err(ExtractError::Damaged(notice::damaged_no_pages()));
    }
    if count > PAGES {
        return Err(ExtractError::TooManyPages(PAGES));
    }
    let mut interpreter = Interpreter::default();
    let mut read = Vec::with_capacity(count);
    let mut scanned = Vec::new();
    for (index, page) in pdf.pages().iter().enumerate() {
        let content = interpreter.page(page)?;
        if content.letters < SCANNED_LETTERS && content.pictures > 0 {
            scanned.push(index + 1);
        }
        read.push(rows::of_page(content.spans));
        progress((index + 1) as f32 / count as f32);
    }
    let letters = interpreter.letters;
    if letters == 0 || scanned.len() == count {
        return Err(match interpreter.unknown {
            0 if scanned.is_empty() => ExtractError::Empty,
            0 => ExtractError::Scan,
            _ => ExtractError::UnknownLetters,
        });
    }
    if interpreter.unknown > letters {
        return Err(ExtractError::UnknownLetters);
    }
    drop_running_heads(&mut read);
    Ok(Extracted { text: written(&read), notes: notes(&scanned, count) })
}

fn written(read: &[Vec<Row>]) -> String {
    let sizes = blocks::Sizes::of(read.iter().flatten());
    let mut text = String::new();
    for (number, rows) in (1_u32..).zip(read) {
        if read.len() > 1 {
            text.push_str(&pages::marker(number));
            text.push_str("\n\n");
        }
        text.push_str(&blocks::text(rows, &sizes));
        text.push('\n');
    }
    text
}

fn notes(scanned: &[usize], count: usize) -> Vec<Notice> {
    let named: Vec<String> = scanned.iter().take(20).map(ToString::to_string).collect();
    let pages = named.join(", ");
    let pages = if scanned.len() > named.len() {
        NoticeValue::from(notice::pages_and_more(pages))
    } else {
        NoticeValue::from(pages)
    };
    match scanned.len() {
        0 => Vec::new(),
        1 => vec![notice::page_without_text(pages)],
        many => vec![notice::pages_without_text(many, count, pages)],
    }
}

/// Takes away page numbers, and what is repeated at the top or the bottom of most pages.
fn drop_running_heads(read: &mut [Vec<Row>]) {
    let mut repeated = HashMap::<String, usize>::new();
    for rows in &*read {
        for row in edges(rows).into_iter().flatten() {
            *repeated.entry(shape(&rows[row])).or_default() += 1;
        }
    }
    let most = read.len() * 3 / 5;
    let is_head = |row: &Row| {
        let shape = shape(row);
        is_page_number(&shape)
            || repeated.get(&shape).is_some_and(|n| *n >= RUNNING_HEAD && *n >= most)
    };
    for rows in read {
        let [first, last] = edges(rows);
        let drop_last = last.filter(|row| is_head(&rows[*row]));
        let drop_first = first.filter(|row| Some(*row) != last && is_head(&rows[*row]));
        for row in [drop_last, drop_first].into_iter().flatten() {
            rows.remove(row);
        }
    }
}

/// The highest and the lowest row.
fn edges(rows: &[Row]) -> [Option<usize>; 2] {
    let by_height = |a: &usize, b: &usize| rows[*a].y.total_cmp(&rows[*b].y);
    [(0..rows.len()).max_by(by_height), (0..rows.len()).min_by(by_height)]
}

/// A row's text with each number as `#`.
fn shape(row: &Row) -> String {
    let mut shape = String::new();
    for c in row.text().chars() {
        if !c.is_numeric() {
            shape.push(c);
        } else if !shape.ends_with('#') {
            shape.push('#');
        }
    }
    shape
}

fn is_page_number(shape: &str) -> bool {
    let bare = shape.trim_matches(|c: char| c.is_whitespace() || "-–—|.".contains(c));
    matches!(bare, "#" | "Page #" | "Page # of #" | "# / #" | "#/#" | "# of #" | "Seite #")
}
