//! Long files say why they are long.

use anyhow::Result;

use crate::tidy::fault::Fault;
use crate::tidy::tree::{File, Tree};

/// Above this, a file needs a reason.
const MOST_LINES: usize = 400;
/// The reason stands among the first lines.
const HEAD: usize = 20;
const REASON: &str = "Long because ";

pub(crate) fn check(tree: &Tree) -> Result<Vec<Fault>> {
    let files = tree.files().filter(|file| file.language().is_some() && !is_data(file));
    Ok(files.filter_map(fault).collect())
}

fn fault(file: &File) -> Option<Fault> {
    let lines = file.text.lines().count();
    let reason = (1..).zip(file.text.lines().take(HEAD)).find(|(_, line)| {
        let comment = line.trim_start().trim_start_matches(['/', '!', '*', ' ']);
        comment.len() < line.len() && comment.starts_with(REASON)
    });
    match reason {
        None if lines > MOST_LINES => Some(Fault::new(
            &file.path,
            1,
            format!("{lines} lines, more than {MOST_LINES}"),
            format!("split the file, or say at its head `{REASON}…`"),
        )),
        Some((line, _)) if lines <= MOST_LINES => Some(Fault::new(
            &file.path,
            line,
            format!("{lines} lines are not too many"),
            "take the reason out",
        )),
        _ => None,
    }
}

/// Whether the file is what a test compares with or reads.
fn is_data(file: &File) -> bool {
    file.path.split('/').any(|part| matches!(part, "fixtures" | "snapshots"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(path: &str, head: &str, lines: usize) -> Vec<String> {
        let text = format!("{head}\n{}", "a\n".repeat(lines - 1));
        check(&Tree::of([(path, &text)])).unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn short_files_and_reasons_are_fine() {
        assert_eq!(faults("a.rs", "//! A.", 400), [""; 0]);
        assert_eq!(faults("a.rs", "//! A.\n//! Long because it is one table.", 500), [""; 0]);
        assert_eq!(faults("a.css", "/* Long because it is one table. */", 500), [""; 0]);
        assert_eq!(faults("tests/fixtures/a.js", "", 500), [""; 0]);
        assert_eq!(faults("package-lock.json", "", 500), [""; 0]);
    }

    #[test]
    fn long_files_without_a_reason_are_told_and_reasons_without_need() {
        let expected = "a.ts:1: 401 lines, more than 400; \
            split the file, or say at its head `Long because …`";
        assert_eq!(faults("a.ts", "// A.", 401), [expected]);
        let expected = "a.rs:1: 3 lines are not too many; take the reason out";
        assert_eq!(faults("a.rs", "//! Long because of nothing.", 3), [expected]);
    }
}
