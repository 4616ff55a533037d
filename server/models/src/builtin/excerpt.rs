//! The part of a passage that answers best, word for word.

use std::ops::Range;

use super::layout::{Form, Group, groups, is_list_item};
use cavuer_text::language::TextLanguage;
use cavuer_text::query::QueryTerm;
use cavuer_text::query::TermSet;

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

/// A term of the question and how much it says.
pub(super) struct WeighedTerm<'a> {
    pub term: &'a QueryTerm,
    pub weight: f64,
}

/// How far an excerpt of running text may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// To the end of its paragraph: the question is about something in the passage.
    Paragraph,
    /// Into the next paragraphs: the question is about the passage's subject.
    PromptPassage,
}

/// The best part of a passage for a question, as light Markdown: one to three neighbouring
/// sentences, or the lines of a list with the line above it. If nothing in the passage has any of
/// the terms, because only the title does, it is the passage's beginning.
pub(super) fn excerpt(
    passage: &str,
    language: TextLanguage,
    terms: &[WeighedTerm<'_>],
    reach: Reach,
) -> String {
    let groups = groups(passage);
    let best = groups
        .iter()
        .enumerate()
        .map(|(index, group)| {
            (index, group.scores(terms, language).into_iter().fold(0.0, f64::max))
        })
        .reduce(|best, next| if next.1 > best.1 { next } else { best });
    let Some((index, score)) = best else { return String::new() };
    let group = &groups[index];
    let (mut text, mut left) = match group.form {
        Form::Rows if score == 0.0 || reach == Reach::PromptPassage => {
            return group.joined_rows(&group.first_rows());
        }
        Form::Rows => return group.rows(terms, language, score),
        Form::Prose if score == 0.0 => group.with_lead_in(0..group.units.len().min(MAX_SENTENCES)),
        Form::Prose => group.with_lead_in(group.window(terms, language, reach)),
    };
    let followers = groups[index + 1..].iter().take_while(|group| group.is_plain());
    for next in followers.take_while(|_| reach == Reach::PromptPassage) {
        for sentence in 0..next.units.len() {
            let more = next.unit(sentence);
            if left == 0 || text.chars().count() + more.chars().count() > COMFORTABLE_CHARS {
                return text;
            }
            text.push_str(if sentence == 0 { "\n\n" } else { " " });
            text.push_str(&more.replace('\n', " "));
            left -= 1;
        }
    }
    text
}

impl Group<'_> {
    fn scores(&self, terms: &[WeighedTerm<'_>], language: TextLanguage) -> Vec<f64> {
        let lead_in = self.lead_in.map(|text| TermSet::of(text, language));
        let score = |index: usize| {
            let unit = TermSet::of(self.unit(index), language);
            let share = |term: &QueryTerm| {
                let above = lead_in.as_ref().map_or(0.0, |lead_in| lead_in.share(term));
                f64::max(unit.share(term), above * LEAD_IN_SHARE)
            };
            terms.iter().map(|weighed| weighed.weight * share(weighed.term)).sum()
        };
        (0..self.units.len()).map(score).collect()
    }

    fn first_rows(&self) -> Vec<usize> {
        (0..self.units.len().min(MAX_ROWS)).collect()
    }

    fn rows(&self, terms: &[WeighedTerm<'_>], language: TextLanguage, best: f64) -> String {
        let scores = self.scores(terms, language);
        let good: Vec<usize> =
            (0..scores.len()).filter(|index| scores[*index] >= best * NEARLY_AS_GOOD).collect();
        let is_small = scores.len() <= MAX_ROWS && self.source.chars().count() <= SMALL_LIST_CHARS;
        let all_say_something = scores.iter().all(|score| *score > 0.0);
        if is_small && all_say_something && good.len() * 2 > scores.len() {
            return self.joined_rows(&self.first_rows());
        }
        self.joined_rows(&good[..good.len().min(MAX_ROWS)])
    }

    fn joined_rows(&self, indexes: &[usize]) -> String {
        let rows: Vec<&str> = indexes.iter().map(|index| self.unit(*index)).collect();
        // Lines that are no list items need a hard break, or they would run together.
        let is_list = rows.iter().all(|row| is_list_item(row));
        let rows = rows.join(if is_list { "\n" } else { "  \n" });
        match self.lead_in {
            Some(lead_in) => format!("{lead_in}\n\n{rows}"),
            None => rows,
        }
    }

    /// The best sentence with the neighbours that add a term to it, and with what follows on the
    /// same subject while it stays short.
    fn window(
        &self,
        terms: &[WeighedTerm<'_>],
        language: TextLanguage,
        reach: Reach,
    ) -> Range<usize> {
        let scores = self.scores(terms, language);
        let best = (0..scores.len()).reduce(|a, b| if scores[b] > scores[a] { b } else { a });
        let best = best.unwrap_or_default();
        let mut window = best..best + 1;
        let adds = |index: usize, window: &Range<usize>| {
            let here = TermSet::of(self.unit(index), language);
            let there = TermSet::of(&self.sentences(window.clone()), language);
            terms.iter().any(|weighed| here.has(weighed.term) && !there.has(weighed.term))
        };
        if window.end < scores.len() && adds(window.end, &window) {
            window.end += 1;
        }
        if window.start > 0 && adds(window.start - 1, &window) {
            window.start -= 1;
        }
        while window.end < scores.len() && window.len() < MAX_SENTENCES {
            // What says nothing of the question is about something else, unless the passage as a
            // whole is what was asked for.
            if reach == Reach::Paragraph && scores[window.end] == 0.0 {
                break;
            }
            let longer = window.start..window.end + 1;
            if self.sentences(longer.clone()).chars().count() > COMFORTABLE_CHARS {
                break;
            }
            window = longer;
        }
        window
    }

    /// Sentences, under the group's heading if it has one, and how many more may follow.
    fn with_lead_in(&self, range: Range<usize>) -> (String, usize) {
        let left = MAX_SENTENCES - range.len();
        let sentences = self.sentences(range);
        match self.lead_in {
            Some(lead_in) => (format!("{lead_in}\n\n{sentences}"), left),
            None => (sentences, left),
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use cavuer_text::query::query_terms;

    fn excerpt_for(question: &str, passage: &str, reach: Reach) -> String {
        let terms = query_terms(question);
        let weighed: Vec<_> = terms
            .iter()
            .map(|term| WeighedTerm { term, weight: if term.is_weak { 0.3 } else { 1.0 } })
            .collect();
        excerpt(passage, TextLanguage::of(passage), &weighed, reach)
    }

    #[test]
    fn the_line_of_a_list_is_quoted_with_the_line_above() {
        let hours = "We are open:\n- Monday to Friday: 9–18\n- Saturday: 10–16\n- Sunday: closed";
        assert_eq!(
            excerpt_for("are you open on Sunday?", hours, Reach::Paragraph),
            "We are open:\n\n- Sunday: closed"
        );
        assert_eq!(
            excerpt_for("When are you open?", hours, Reach::Paragraph),
            "We are open:\n\n- Monday to Friday: 9–18\n- Saturday: 10–16\n- Sunday: closed"
        );
    }

    #[test]
    fn plain_lines_stay_lines() {
        let hours = "Monday to Friday 9–18\nSaturday 10–16\nSunday closed";
        assert_eq!(
            excerpt_for("opening hours", hours, Reach::PromptPassage),
            "Monday to Friday 9–18  \nSaturday 10–16  \nSunday closed"
        );
    }

    #[test]
    fn sentences_are_quoted_with_their_neighbours() {
        let delivery = "Parcels are packed by hand. Standard delivery costs €4.90 and takes\n2–3 days. \
                        Orders over €50 are delivered free of charge.\n\nGift cards are sent by e-mail.";
        assert_eq!(
            excerpt_for("what does delivery cost", delivery, Reach::Paragraph),
            "Standard delivery costs €4.90 and takes 2–3 days. Orders over €50 are delivered free of charge."
        );
    }

    #[test]
    fn a_long_table_gives_only_the_rows_that_match() {
        let table: String = (1..30).map(|n| format!("| Tea no{n}x | €{n}.50 |\n")).collect();
        assert_eq!(excerpt_for("price of no7x", &table, Reach::Paragraph), "| Tea no7x | €7.50 |");
    }

    #[test]
    fn an_empty_passage_gives_nothing() {
        assert_eq!(excerpt_for("anything", " \n", Reach::PromptPassage), "");
    }
}
