//! What the server says to people stands in the table of notices, where a language can replace it.

use anyhow::Result;

use crate::tidy::allowance::Allowances;
use crate::tidy::fault::Fault;
use crate::tidy::source::{Kind, Source};
use crate::tidy::tree::{File, Tree};

/// The rule's name in allowances.
const RULE: &str = "sentences";
/// Where it holds. The binary speaks to whoever runs it, on a terminal; the demonstration has
/// people of its own.
const FOLDERS: &[&str] = &[
    "server/base/src",
    "server/engine/src",
    "server/http/src",
    "server/models/src",
    "server/store/src",
    "server/text/src",
];
const REMEDY: &str = "make it a notice in protocol/src/notice/texts, or give the reason in a \
                      comment: `// tidy allows sentences: …`";
/// Fewest words of a sentence; shorter texts are names.
const FEWEST_WORDS: usize = 3;
/// What stands behind words.
const NO_LETTERS: [char; 7] = [',', '.', ';', ':', '?', '!', '…'];

pub(crate) fn check(tree: &Tree) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    let files = tree.files().filter(|file| FOLDERS.iter().any(|folder| file.is_in(folder)));
    for file in files.filter(|file| !file.is_test() && file.path.ends_with(".rs")) {
        check_file(file, &mut faults);
    }
    Ok(faults)
}

fn check_file(file: &File, faults: &mut Vec<Fault>) {
    let source = file.source();
    let allowances = Allowances::of(file, RULE);
    let mut place = 0;
    while let Some(token) = source.tokens().get(place) {
        if is_silent_attribute(source, place) {
            place = source.end_of_group(place + 1) + 1;
            continue;
        }
        if token.kind == Kind::Text
            && !source.is_for_tests(place)
            && source.quoted(place).is_some_and(is_sentence)
            && !allowances.cover(token.line)
        {
            let what = "a sentence for people that no language can replace";
            faults.push(Fault::new(&file.path, token.line, what, REMEDY));
        }
        place += 1;
    }
    faults.extend(allowances.faults());
}

/// Whether an attribute begins here whose texts describe the code; those of errors are said.
fn is_silent_attribute(source: &Source, place: usize) -> bool {
    source.has(place, &["#", "["]) && source.word(place + 2) != Some("error")
}

/// Whether a text, as it is written in the source, begins and ends like a sentence.
fn is_sentence(written: &str) -> bool {
    let lines = written.split("\\\n").enumerate();
    let text: String =
        lines.map(|(line, text)| if line == 0 { text } else { text.trim_start() }).collect();
    let text = text.trim();
    let begins = text.starts_with(|first: char| first.is_uppercase() || first == '{');
    let ends = text.ends_with(['.', '?', '!', '…']);
    let words = text.split_whitespace().map(|word| word.trim_end_matches(NO_LETTERS));
    let is_word = |word: &&str| !word.is_empty() && word.chars().all(char::is_alphabetic);
    begins && ends && words.filter(is_word).count() >= FEWEST_WORDS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(path: &str, text: &str) -> Vec<String> {
        check(&Tree::of([(path, text)])).unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn logs_names_and_descriptions_are_fine() {
        let fine = "error!(\"the store cannot be read: {why}\"); \"Too Many Requests\"; \
                    \"{a}/{b}.\"; \"{a}, {b}, {c}, {d}.\"; #[utoipa::path(description = \"What this endpoint does.\")] \
                    fn a() {} // It must not be so.\n\
                    #[cfg(test)] mod tests { const A: &str = \"This is what was said.\"; }";
        assert_eq!(faults("server/http/src/a.rs", fine), [""; 0]);
        let sentence = "\"This is what was said.\"";
        for elsewhere in ["console/src/a.rs", "server/cavuer/src/a.rs", "server/http/tests/a.rs"] {
            assert_eq!(faults(elsewhere, sentence), [""; 0]);
        }
    }

    #[test]
    fn sentences_are_refused() {
        let what = "a sentence for people that no language can replace";
        let text = "a(\n\"Write it on one line.\")";
        let expected = format!("server/engine/src/a.rs:2: {what}; {REMEDY}");
        assert_eq!(faults("server/engine/src/a.rs", text), [expected]);
        for text in [
            "format!(\"{name} could not be reached. Check it.\")",
            "r#\"Is it what you want?\"#",
            "\"Is it there?\"",
            "\"The first line of it \\\n     and the second.\"",
            "#[error(\"The key was not taken by it.\")] struct A;",
        ] {
            assert_eq!(faults("server/models/src/a.rs", text).len(), 1, "{text}");
        }
    }

    #[test]
    fn a_reason_covers_the_item_below() {
        let allowed = "// tidy allows sentences: a model reads them\nconst A: &str =\n    \
                       \"You are an agent of it.\";\n\
                       // tidy allows sentences: a model reads them\nfn a() {\n    \
                       b(\"This is what was said.\");\n\n    c(\"This is what was said.\")\n}\n";
        assert_eq!(faults("server/models/src/a.rs", allowed), [""; 0]);
        let beyond = format!("{allowed}const B: &str = \"This is what was said.\";");
        assert_eq!(faults("server/models/src/a.rs", &beyond).len(), 1);
        let needless = "// tidy allows sentences: a model reads them\nconst A: &str = \"no\";";
        assert_eq!(faults("server/models/src/a.rs", needless).len(), 1);
    }
}
