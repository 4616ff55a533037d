//! Crates that only some of ours may name.

use anyhow::Result;

use crate::tidy::crates::{BINARY, TESTS};
use crate::tidy::fault::Fault;
use crate::tidy::manifest::packages;
use crate::tidy::source::{Language, Source};
use crate::tidy::tree::{File, Tree};

/// What may be named where.
pub(super) struct Fence {
    /// The crates, as packages are named.
    pub crates: &'static [&'static str],
    /// The folders of packages that may depend on them. The package of tests always may.
    pub folders: &'static [&'static str],
    /// The folders of files that may name them, if they are fewer.
    pub named_in: Option<&'static [&'static str]>,
    /// Why not elsewhere, and what to do instead.
    pub remedy: &'static str,
}

impl Fence {
    /// Dependencies and paths outside of the fence.
    pub(super) fn check(&self, tree: &Tree) -> Result<Vec<Fault>> {
        let mut faults = Vec::new();
        for package in packages(tree)? {
            if self.folders.contains(&package.folder) || is_in(package.folder, TESTS) {
                continue;
            }
            for dependency in &package.dependencies {
                let excepted = package.folder == BINARY.folder && dependency.for_tests;
                if self.crates.contains(&dependency.package.as_str()) && !excepted {
                    let what = format!("{} depends on {}", package.name, dependency.package);
                    let path = &package.manifest.path;
                    faults.push(Fault::new(path, dependency.line, what, self.remedy));
                }
            }
        }
        for file in tree.written_in(Language::Rust).filter(|file| !self.may_name(file)) {
            let source = file.source();
            for (place, token) in source.tokens().iter().enumerate() {
                if self.names(source, place) && !is_binarys_test(file, place) {
                    let what = format!("the crate {} is named", source.text(token));
                    faults.push(Fault::new(&file.path, token.line, what, self.remedy));
                }
            }
        }
        Ok(faults)
    }

    /// Whether the file belongs to a package that may depend on the crates.
    pub(super) fn lies_inside(&self, file: &File) -> bool {
        file.is_in(TESTS) || self.folders.iter().any(|folder| file.is_in(folder))
    }

    fn may_name(&self, file: &File) -> bool {
        let folders = self.named_in.unwrap_or(self.folders);
        file.is_in(TESTS) || folders.iter().any(|folder| file.is_in(folder))
    }

    /// Whether a path into one of the crates begins here.
    fn names(&self, source: &Source, place: usize) -> bool {
        let Some(word) = source.word(place) else { return false };
        if !self.crates.iter().any(|one| one.replace('-', "_") == word) {
            return false;
        }
        let begins_path = place < 2
            || !source.has(place - 1, &["."])
                && (!source.has(place - 2, &[":", ":"]) || is_leading(source, place - 2));
        let is_import =
            place > 0 && (source.has(place - 1, &["use"]) || source.has(place - 1, &["crate"]));
        begins_path && (source.has(place + 1, &[":", ":"]) || is_import)
    }
}

/// Whether the token at this place is part of a test of the binary.
fn is_binarys_test(file: &File, place: usize) -> bool {
    file.is_in(BINARY.folder) && (file.is_test() || file.source().is_for_tests(place))
}

/// Whether the colons at this place begin a path, as in `::serde`.
fn is_leading(source: &Source, colons: usize) -> bool {
    colons == 0 || source.word(colons - 1).is_none_or(|word| word == "use")
}

fn is_in(folder: &str, other: &str) -> bool {
    folder.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
