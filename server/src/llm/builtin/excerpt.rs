//! The part of a passage that answers best, word for word.

use std::collections::HashSet;
use std::ops::Range;

use crate::knowledge::query::QueryTerm;
use crate::knowledge::sentences::sentences;
use crate::knowledge::words::{TermKind, fold, stem, terms};

/// Most sentences that are quoted from running text.
const MAX_SENTENCES: usize = 3;
/// Sentences that follow the best one are quoted too, up to this many characters.
const COMFORTABLE_CHARS: usize = 240;
/// Most lines that are quoted from a list or a table.
const MAX_ROWS: usize = 8;
/// Lists up to this many characters are quoted whole if most of their lines match.
const SMALL_LIST_CHARS: usize = 400;
/// Lines of a list with at least this part of the best line's score are quoted with it.
const NEARLY_AS_GOOD: f64 = 0.6;
/// How much of a term's weight counts if it stands in the line above a list, not in the line.
const LEAD_IN_SHARE: f64 = 0.5;

/// The terms of a text, for asking whether a question's terms are in it.
pub struct TermSet {
    texts: HashSet<String>,
    stems: HashSet<String>,
}

impl TermSet {
    pub fn of(text: &str) -> Self {
        let folded = fold(text);
        let mut set = Self { texts: HashSet::new(), stems: HashSet::new() };
        for term in terms(&folded) {
            set.texts.insert(term.text.to_owned());
            if term.kind == TermKind::Word {
                set.stems.insert(stem(term.text).to_owned());
            }
        }
        set
    }

    /// Whether a form of the term is in the text, or for longer words, a compound that begins
    /// with it.
    pub fn has(&self, term: &QueryTerm) -> bool {
        let begins = |prefix: &str| self.texts.iter().any(|text| text.starts_with(prefix));
        let chars = term.stem().chars().count();
        match term.kind {
            TermKind::Word => {
                self.texts.contains(&term.text)
                    || self.stems.contains(term.stem())
                    || (chars >= 5 && begins(term.stem()))
            }
            TermKind::Gram | TermKind::Tail if chars == 1 => begins(&term.text),
            TermKind::Gram | TermKind::Tail => self.texts.contains(&term.text),
        }
    }
}

/// A term of the question and how much it says.
pub struct WeighedTerm<'a> {
    pub term: &'a QueryTerm,
    pub weight: f64,
}

/// The best part of a passage for a question, as light Markdown: one to three neighbouring
/// sentences, or the lines of a list with the line above it. If nothing in the passage has any of
/// the terms, because only the title does, it is the passage's beginning.
pub fn excerpt(passage: &str, terms: &[WeighedTerm<'_>]) -> String {
    let groups = groups(passage);
    let best = groups
        .iter()
        .enumerate()
        .map(|(index, group)| (index, group.scores(terms).into_iter().fold(0.0, f64::max)))
        .reduce(|best, next| if next.1 > best.1 { next } else { best });
    let Some((index, score)) = best else { return String::new() };
    let group = &groups[index];
    if score == 0.0 {
        return group.beginning();
    }
    match group.form {
        Form::Rows => group.rows(terms, score),
        Form::Prose => group.window(terms),
    }
}

/// A paragraph or a list.
struct Group<'a> {
    /// The line above a list that ends in a colon.
    lead_in: Option<&'a str>,
    form: Form,
    source: &'a str,
    units: Vec<Range<usize>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Sentences.
    Prose,
    /// Lines that stay whole: list items, table rows, addresses.
    Rows,
}

impl<'a> Group<'a> {
    fn unit(&self, index: usize) -> &'a str {
        self.source[self.units[index].clone()].trim()
    }

    fn scores(&self, terms: &[WeighedTerm<'_>]) -> Vec<f64> {
        let lead_in = self.lead_in.map(TermSet::of);
        let score = |index: usize| {
            let unit = TermSet::of(self.unit(index));
            let share = |term: &QueryTerm| {
                if unit.has(term) {
                    1.0
                } else if lead_in.as_ref().is_some_and(|lead_in| lead_in.has(term)) {
                    LEAD_IN_SHARE
                } else {
                    0.0
                }
            };
            terms.iter().map(|weighed| weighed.weight * share(weighed.term)).sum()
        };
        (0..self.units.len()).map(score).collect()
    }

    fn beginning(&self) -> String {
        match self.form {
            Form::Rows => {
                self.joined_rows(&(0..self.units.len().min(MAX_ROWS)).collect::<Vec<_>>())
            }
            Form::Prose => self.sentences(0..self.units.len().min(MAX_SENTENCES)),
        }
    }

    fn rows(&self, terms: &[WeighedTerm<'_>], best: f64) -> String {
        let scores = self.scores(terms);
        let good: Vec<usize> =
            (0..scores.len()).filter(|index| scores[*index] >= best * NEARLY_AS_GOOD).collect();
        let is_small = scores.len() <= MAX_ROWS && self.source.chars().count() <= SMALL_LIST_CHARS;
        if is_small && good.len() * 2 > scores.len() {
            return self.joined_rows(&(0..scores.len()).collect::<Vec<_>>());
        }
        self.joined_rows(&good[..good.len().min(MAX_ROWS)])
    }

    fn joined_rows(&self, indexes: &[usize]) -> String {
        let rows: Vec<&str> = indexes.iter().map(|index| self.unit(*index)).collect();
        // Lines that are no list items need a hard break, or they would run together.
        let is_list = rows.iter().all(|row| is_list_item(row));
        let rows = rows.join(if is_list { "\n" } else { "  \n" });
        match self.lead_in {
            Some(lead_in) => format!("{}\n\n{rows}", lead_in.trim()),
            None => rows,
        }
    }

    /// The best sentence with the neighbours that add a term to it, and with what follows while
    /// it stays short.
    fn window(&self, terms: &[WeighedTerm<'_>]) -> String {
        let scores = self.scores(terms);
        let best = (0..scores.len()).reduce(|a, b| if scores[b] > scores[a] { b } else { a });
        let best = best.unwrap_or_default();
        let mut window = best..best + 1;
        let adds = |index: usize, window: &Range<usize>| {
            let here = TermSet::of(self.unit(index));
            let there = TermSet::of(&self.sentences(window.clone()));
            terms.iter().any(|weighed| here.has(weighed.term) && !there.has(weighed.term))
        };
        if window.end < scores.len() && adds(window.end, &window) {
            window.end += 1;
        }
        if window.start > 0 && adds(window.start - 1, &window) {
            window.start -= 1;
        }
        while window.end < scores.len() && window.len() < MAX_SENTENCES {
            let longer = window.start..window.end + 1;
            if self.sentences(longer.clone()).chars().count() > COMFORTABLE_CHARS {
                break;
            }
            window = longer;
        }
        self.sentences(window)
    }

    fn sentences(&self, range: Range<usize>) -> String {
        if range.is_empty() {
            return String::new();
        }
        let text = &self.source[self.units[range.start].start..self.units[range.end - 1].end];
        // A single line break inside a paragraph is only where its author's line was full.
        text.trim().replace('\n', " ")
    }
}

/// The paragraphs and lists of a passage. Headings are left out: the title is quoted anyway.
fn groups(passage: &str) -> Vec<Group<'_>> {
    let mut groups = Vec::new();
    let mut lead_in = None;
    let paragraphs: Vec<&str> = split_paragraphs(passage);
    let last = paragraphs.len().saturating_sub(1);
    for (index, paragraph) in paragraphs.into_iter().enumerate() {
        let mut source = paragraph;
        if index < last && is_heading(source) {
            continue;
        }
        if let Some((first, rest)) = source.split_once('\n')
            && (first.trim_end().ends_with([':', '：']) || first.starts_with('#'))
            && !rest.trim().is_empty()
        {
            lead_in = (!first.starts_with('#')).then_some(first);
            source = rest;
        } else if index < last && !source.contains('\n') && source.trim_end().ends_with([':', '：'])
        {
            lead_in = Some(source);
            continue;
        }
        let form = if is_list(source) { Form::Rows } else { Form::Prose };
        let units = match form {
            Form::Rows => line_ranges(source),
            Form::Prose => sentences(source),
        };
        if !units.is_empty() {
            groups.push(Group { lead_in: lead_in.take(), form, source, units });
        }
        lead_in = None;
    }
    groups
}

fn split_paragraphs(text: &str) -> Vec<&str> {
    let mut paragraphs = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        if line.trim().is_empty() {
            paragraphs.push(&text[start..at]);
            start = at + line.len();
        }
        at += line.len();
    }
    paragraphs.push(&text[start.min(text.len())..]);
    paragraphs.retain(|paragraph| !paragraph.trim().is_empty());
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

fn is_heading(paragraph: &str) -> bool {
    let line = paragraph.trim();
    line.starts_with('#') && !line.contains('\n')
}

/// Lines that stand for themselves: all marked as items, or most of them short of a line's width
/// and not ended as sentences are.
fn is_list(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let ends_open = |line: &&&str| !line.ends_with(['.', '!', '?', '。', '！', '？', ',', ';']);
    let items = lines.iter().filter(|line| is_list_item(line)).count();
    let rows = lines.iter().filter(|line| line.contains(['|', '\t'])).count();
    let short_rows =
        lines.iter().filter(ends_open).filter(|line| line.chars().count() <= 60).count();
    items == lines.len()
        || (lines.len() > 1
            && (items * 2 > lines.len()
                || rows == lines.len()
                || short_rows * 4 >= lines.len() * 3))
}

fn is_list_item(line: &str) -> bool {
    let line = line.trim_start();
    let after_number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    line.starts_with(['•', '–'])
        || ["- ", "* ", "+ "].iter().any(|mark| line.starts_with(mark))
        || (after_number.len() < line.len()
            && (after_number.starts_with(". ") || after_number.starts_with(") ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::query::query_terms;

    fn excerpt_for(question: &str, passage: &str) -> String {
        let terms = query_terms(question);
        let weighed: Vec<_> = terms
            .iter()
            .map(|term| WeighedTerm { term, weight: if term.is_weak { 0.3 } else { 1.0 } })
            .collect();
        excerpt(passage, &weighed)
    }

    #[test]
    fn the_line_of_a_list_is_quoted_with_the_line_above() {
        let hours = "We are open:\n- Monday to Friday: 9–18\n- Saturday: 10–16\n- Sunday: closed";
        assert_eq!(
            excerpt_for("are you open on Sunday?", hours),
            "We are open:\n\n- Sunday: closed"
        );
        assert_eq!(
            excerpt_for("When are you open?", hours),
            "We are open:\n\n- Monday to Friday: 9–18\n- Saturday: 10–16\n- Sunday: closed"
        );
    }

    #[test]
    fn plain_lines_stay_lines() {
        let hours = "Monday to Friday 9–18\nSaturday 10–16\nSunday closed";
        assert_eq!(
            excerpt_for("opening hours", hours),
            "Monday to Friday 9–18  \nSaturday 10–16  \nSunday closed"
        );
    }

    #[test]
    fn sentences_are_quoted_with_their_neighbours() {
        let delivery = "Parcels are packed by hand. Standard delivery costs €4.90 and takes\n2–3 days. \
                        Orders over €50 are delivered free of charge.\n\nGift cards are sent by e-mail.";
        assert_eq!(
            excerpt_for("what does delivery cost", delivery),
            "Standard delivery costs €4.90 and takes 2–3 days. Orders over €50 are delivered free of charge."
        );
    }

    #[test]
    fn a_long_table_gives_only_the_rows_that_match() {
        let table: String = (1..30).map(|n| format!("| Tea no{n}x | €{n}.50 |\n")).collect();
        assert_eq!(excerpt_for("price of no7x", &table), "| Tea no7x | €7.50 |");
    }

    #[test]
    fn an_empty_passage_gives_nothing() {
        assert_eq!(excerpt_for("anything", " \n"), "");
    }
}
