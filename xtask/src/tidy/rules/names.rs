//! A type that more than its own module can see has a name of its own.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::tidy::crates::ORDER;
use crate::tidy::fault::Fault;
use crate::tidy::source::Source;
use crate::tidy::tree::Tree;

const REMEDY: &str = "call it by what tells the two apart, or show it to fewer";

/// Names of types that stand twice among the server's crates and the protocol.
pub(crate) fn check(tree: &Tree) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    let mut known: BTreeMap<&str, String> = BTreeMap::new();
    for one in ORDER {
        let source = format!("{}/src", one.folder);
        let files = tree.files().filter(|file| file.is_in(&source) && !file.is_test());
        for file in files.filter(|file| file.path.ends_with(".rs")) {
            for (name, line) in shown_types(file.source()) {
                match known.get(name) {
                    Some(other) => {
                        let what = format!("`{name}` is the name of a type in {other}, too");
                        faults.push(Fault::new(&file.path, line, what, REMEDY));
                    }
                    None => _ = known.insert(name, format!("{}:{line}", file.path)),
                }
            }
        }
    }
    Ok(faults)
}

/// The types of a file that others may see, each with its line.
fn shown_types(source: &Source) -> impl Iterator<Item = (&str, usize)> {
    let starts = (0..source.tokens().len())
        .filter(|place| source.word(*place) == Some("pub") && !source.is_for_tests(*place));
    starts.filter_map(|place| {
        let keyword = if source.has(place + 1, &["("]) {
            let is_narrow = source.word(place + 2) != Some("crate");
            if is_narrow {
                return None;
            }
            source.end_of_group(place + 1) + 1
        } else {
            place + 1
        };
        let keyword = if source.word(keyword) == Some("unsafe") { keyword + 1 } else { keyword };
        let word = source.word(keyword)?;
        let is_type = matches!(word, "struct" | "enum" | "trait" | "type" | "union");
        let name = source.word(keyword + 1).filter(|_| is_type)?;
        Some((name, source.tokens()[keyword + 1].line))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(files: &[(&str, &str)]) -> Vec<String> {
        check(&Tree::from_pairs(files)).unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_few_see_may_share_a_name() {
        let text = "struct A; pub(super) enum B {} impl C { pub fn type_of() {} }\n\
                    #[cfg(test)] mod tests { pub struct D; } pub use x::E;";
        let files = [
            ("server/store/src/a.rs", text),
            ("server/engine/src/a.rs", text),
            ("protocol/src/a.rs", "pub struct A; pub enum B {} pub struct D; pub struct E;"),
            ("console/src/a.rs", "pub struct A;"),
            ("server/store/tests/a.rs", "pub struct A;"),
        ];
        assert_eq!(faults(&files), [""; 0]);
    }

    #[test]
    fn two_types_of_one_name_are_refused() {
        for second in [
            "pub struct A;",
            "pub(crate) enum A {}",
            "pub type A = u8;",
            "pub trait A {}",
            "pub unsafe trait A {}",
            "pub union A {}",
        ] {
            let files =
                [("protocol/src/a.rs", "\npub struct A;"), ("server/http/src/b.rs", second)];
            let what = "`A` is the name of a type in protocol/src/a.rs:2, too";
            assert_eq!(faults(&files), [format!("server/http/src/b.rs:1: {what}; {REMEDY}")]);
        }
        let one = [("server/base/src/a.rs", "pub struct A;\npub mod b { pub struct A; }")];
        assert_eq!(faults(&one).len(), 1);
    }
}
