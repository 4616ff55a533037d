//! Written reasons for what a rule would forbid.
//!
//! A comment that begins with the words "tidy allows", the rule's name, a colon and the reason
//! allows what stands on its own line, or on the line below the comment that it is part of, with
//! all of what begins on that line and goes on.

use std::cell::Cell;

use super::fault::Fault;
use super::source::{Kind, Source};
use super::tree::File;

/// Rules that take reasons.
const RULES: &[&str] = &["html", "sentences", "unfinished"];
/// A reason takes a few words.
const FEWEST_WORDS: usize = 3;

/// The reasons that a file gives for one rule.
pub(super) struct Allowances<'t> {
    file: &'t File,
    rule: &'static str,
    found: Vec<Allowance>,
}

struct Allowance {
    line: usize,
    last_line: usize,
    has_reason: bool,
    used: Cell<bool>,
}

impl<'t> Allowances<'t> {
    pub(super) fn of(file: &'t File, rule: &'static str) -> Self {
        debug_assert!(RULES.contains(&rule));
        let source = file.source();
        let lines: Vec<_> = source.comments().iter().map(|comment| comment.line).collect();
        let found = comments(file).filter(|(_, name, _)| *name == rule).map(|(line, _, reason)| {
            let mut last = line;
            while lines.contains(&(last + 1)) {
                last += 1;
            }
            Allowance {
                line,
                last_line: end_of_what_begins(source, last + 1),
                has_reason: reason.split_whitespace().count() >= FEWEST_WORDS,
                used: Cell::new(false),
            }
        });
        let found = found.collect();
        Self { file, rule, found }
    }

    /// Whether a reason is given for what stands on this line.
    pub(super) fn cover(&self, line: usize) -> bool {
        let mut covering =
            self.found.iter().filter(|one| (one.line..=one.last_line).contains(&line));
        covering.next().is_some_and(|one| {
            one.used.set(true);
            one.has_reason
        })
    }

    /// Reasons that are none, or that nothing needs.
    pub(super) fn faults(&self) -> impl Iterator<Item = Fault> {
        self.found.iter().filter(|one| !one.used.get()).map(|one| {
            let what = format!("nothing here needs to be allowed by the rule {}", self.rule);
            Fault::new(&self.file.path, one.line, what, "take the comment out")
        })
    }
}

/// The last line of what begins on a line: of the group that it opens, or of the value that it
/// announces.
fn end_of_what_begins(source: &Source, line: usize) -> usize {
    let tokens = source.tokens();
    let last = tokens.iter().rposition(|token| token.line == line);
    let Some(last) = last.filter(|last| tokens[*last].kind == Kind::Mark) else { return line };
    let next = match source.text(&tokens[last]) {
        "=" => line + 1,
        _ => tokens[source.end_of_group(last)].line,
    };
    if next > line { end_of_what_begins(source, next) } else { line }
}

/// Allowances for rules that do not exist, or that take none.
pub(super) fn misnamed(file: &File) -> impl Iterator<Item = Fault> {
    comments(file).filter(|(_, rule, _)| !RULES.contains(rule)).map(|(line, rule, _)| {
        let what = format!("the rule {rule:?} does not exist or takes no reasons");
        Fault::new(&file.path, line, what, format!("name one of: {}", RULES.join(", ")))
    })
}

/// Line, rule and reason of each comment that allows something.
fn comments(file: &File) -> impl Iterator<Item = (usize, &str, &str)> {
    let source = file.source();
    source.comments().iter().filter_map(|comment| {
        let text = source.text(comment);
        let text = text.strip_prefix("//").or_else(|| text.strip_prefix("/*"))?;
        let text = text.trim_end_matches("*/").trim().strip_prefix("tidy allows ")?;
        let (rule, reason) = text.split_once(':').unwrap_or((text, ""));
        Some((comment.line, rule.trim(), reason.trim()))
    })
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::*;

    #[test]
    fn reasons_count_for_the_line_below_and_have_to_be_needed() {
        let text = "// tidy allows html: the owner pastes\n// it into a page.\na\nb\n\
                    // tidy allows html:\nc\n// tidy allows sql: it is so short\n";
        let tree = Tree::of([("a.rs", text)]);
        let file = tree.file("a.rs").unwrap();
        let allowances = Allowances::of(file, "html");
        assert_eq!(allowances.faults().count(), 2);
        assert!(allowances.cover(3));
        assert!(!allowances.cover(4));
        assert!(!allowances.cover(6), "a reason is missing");
        assert_eq!(allowances.faults().count(), 0);
        assert_eq!(misnamed(file).count(), 1);
    }
}
