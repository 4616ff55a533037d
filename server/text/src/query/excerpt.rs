//! The sentences of a passage that an answer is from, for whoever wants to see for themselves.

use cavuer_protocol::limits::EXCERPT_CHARS;
use cavuer_protocol::rich_text::{Block, Span, parse};

use super::{QueryTerm, TermSet, telling_terms};
use crate::language::TextLanguage;
use crate::passages::sentences;

/// Up to so many characters neighbours are taken along that say nothing of what is looked for.
const COMFORTABLE_CHARS: usize = 160;
/// What a word such as "sell" counts beside a telling one.
const WEAK: f64 = 0.3;

/// The neighbouring sentences of a passage that have most to do with `about`, as plain text of at
/// most [`EXCERPT_CHARS`] characters. If none has, it is the beginning. A sentence that is too long
/// ends at a word with "…".
pub fn excerpt(passage: &str, about: &str) -> String {
    let units = units(passage);
    let terms = telling_terms(about);
    let language = TextLanguage::of(passage);
    let scores: Vec<f64> = units.iter().map(|unit| score(unit, language, &terms)).collect();
    let Some(best) = (0..units.len()).reduce(|a, b| if scores[b] > scores[a] { b } else { a })
    else {
        return String::new();
    };
    let mut window = best..best + 1;
    let mut text = joined(&units[window.clone()]);
    loop {
        let before = window.start.checked_sub(1).map(|start| (start, start..window.end));
        let after = (window.end < units.len()).then(|| (window.end, window.start..window.end + 1));
        let wider = [after, before].into_iter().flatten().filter_map(|(unit, range)| {
            let wider = joined(&units[range.clone()]);
            let chars = wider.chars().count();
            let is_wanted = scores[unit] > 0.0 || chars <= COMFORTABLE_CHARS;
            (is_wanted && chars <= EXCERPT_CHARS).then_some((scores[unit], range, wider))
        });
        let Some((_, range, wider)) = wider.reduce(|a, b| if b.0 > a.0 { b } else { a }) else {
            break;
        };
        (window, text) = (range, wider);
    }
    shortened(&text)
}

fn score(unit: &str, language: TextLanguage, terms: &[QueryTerm]) -> f64 {
    let unit = TermSet::of(unit, language);
    let weight = |term: &QueryTerm| if term.is_weak { WEAK } else { 1.0 };
    terms.iter().map(|term| weight(term) * unit.share(term)).sum()
}

/// The sentences, list items and rows of a passage without their marks, headings left out unless
/// there is nothing else.
fn units(passage: &str) -> Vec<String> {
    let rows: String = passage.lines().map(|line| format!("{}\n", row(line))).collect();
    let blocks = parse(&rows);
    let mut units = Vec::new();
    add_blocks(&blocks, &mut units);
    if units.is_empty() {
        let headings = blocks.iter().filter_map(|block| match block {
            Block::Heading(_, spans) => Some(plain(spans)),
            _ => None,
        });
        units.extend(headings);
    }
    units
}

/// A table's row as its cells; the line under its head as nothing.
fn row(line: &str) -> String {
    let Some(cells) = line.trim().strip_prefix('|') else { return line.to_owned() };
    if cells.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ')) {
        return String::new();
    }
    let cells = cells.trim_end_matches('|').split('|').map(str::trim);
    format!("{}\n", cells.filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(" · "))
}

fn add_blocks(blocks: &[Block], units: &mut Vec<String>) {
    for block in blocks {
        match block {
            Block::Paragraph(spans) => add_text(&plain(spans), units),
            Block::Bullets(items) | Block::Numbers(_, items) => {
                items.iter().for_each(|item| add_blocks(item, units));
            }
            Block::Quote(blocks) => add_blocks(blocks, units),
            Block::Code(code) => code.lines().for_each(|line| add_text(line, units)),
            Block::Heading(..) | Block::Rule => {}
        }
    }
}

fn add_text(text: &str, units: &mut Vec<String>) {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    units.extend(sentences(&text).into_iter().map(|range| text[range].trim().to_owned()));
}

fn plain(spans: &[Span]) -> String {
    let text = |span: &Span| match span {
        Span::Text(text) | Span::Code(text) => text.clone(),
        Span::Strong(spans) | Span::Emphasis(spans) => plain(spans),
        Span::Link { label, .. } => plain(label),
        // A line that was only full goes on; a word does not reach into the next one.
        Span::Break => " ".to_owned(),
    };
    spans.iter().map(text).collect()
}

/// Sentences after each other, and a dot between what does not end as a sentence does.
fn joined(units: &[String]) -> String {
    let mut text = String::new();
    for unit in units {
        if !text.is_empty() {
            let is_closed = text
                .ends_with(['.', '!', '?', '…', ':', '。', '！', '？', '।', '"', '”', ')', '»']);
            text.push_str(if is_closed { " " } else { " · " });
        }
        text.push_str(unit);
    }
    text
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= EXCERPT_CHARS {
        return text.to_owned();
    }
    // One character is for the mark that something is missing.
    let end = text.char_indices().nth(EXCERPT_CHARS - 1).map_or(text.len(), |(end, _)| end);
    let (head, rest) = text.split_at(end);
    let is_whole = rest.starts_with(char::is_whitespace);
    let words =
        if is_whole { head } else { head.rsplit_once(' ').map_or(head, |(words, _)| words) };
    format!(
        "{}…",
        words.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '·'))
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DELIVERY: &str = "# Delivery\n\nParcels are **packed** by hand. Standard delivery costs \
        €4.90 and takes\n2–3 days. See [the terms](https://example.com/terms).\n\n\
        - Express: next day\n- Bicycle: same day\n\n| Land | Price |\n|---|---|\n| France | €9 |";

    #[test]
    fn the_best_sentences_are_taken_without_marks() {
        assert_eq!(
            excerpt(DELIVERY, "Standard delivery costs €4.90."),
            "Parcels are packed by hand. Standard delivery costs €4.90 and takes 2–3 days. See the \
             terms. Express: next day · Bicycle: same day · Land · Price · France · €9"
        );
        assert_eq!(excerpt("# Only a heading", "anything"), "Only a heading");
        assert_eq!(excerpt(" \n", "anything"), "");
    }

    #[test]
    fn long_passages_give_the_part_that_is_meant() {
        let filler = "Tea is a drink that people like very much in the morning. ".repeat(12);
        let passage = format!("{filler}The shop closes at six. {filler}");
        let excerpt = excerpt(&passage, "The shop closes at six.");
        assert!(excerpt.contains("The shop closes at six."), "{excerpt}");
        assert!(excerpt.chars().count() <= EXCERPT_CHARS, "{excerpt}");
    }

    #[test]
    fn a_sentence_without_end_is_cut_at_a_word() {
        let excerpt = excerpt(&"endless words, ".repeat(50), "words");
        assert!(excerpt.ends_with("words…") || excerpt.ends_with("endless…"), "{excerpt}");
        assert!(super::excerpt(&"字".repeat(900), "字").ends_with('…'));
    }

    proptest! {
        #[test]
        fn no_excerpt_is_too_long(passage in any::<String>(), about in any::<String>()) {
            prop_assert!(excerpt(&passage, &about).chars().count() <= EXCERPT_CHARS);
        }
    }
}
