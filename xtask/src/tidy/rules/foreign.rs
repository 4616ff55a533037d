//! Crates that only some of ours may name.

use anyhow::Result;

use super::paths;
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
            for (place, name, line) in self.named(source) {
                if !is_binarys_test(file, place) {
                    let what = format!("the crate {name} is named");
                    faults.push(Fault::new(&file.path, line, what, self.remedy));
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

    /// Where a file names one of the crates: the place, the name, and its line.
    fn named(&self, source: &Source) -> Vec<(usize, String, usize)> {
        let mut named = Vec::new();
        let mut place = 0;
        while let Some(token) = source.tokens().get(place) {
            if source.has(place, &["use"]) && !source.has(place + 1, &["<"]) {
                let (imports, end) = paths::imports(source, place);
                let roots = imports.into_iter().map(|import| import.path);
                let roots =
                    roots.filter_map(|path| Some((path.segments.first()?.clone(), path.line)));
                let ours = roots.filter(|(root, _)| self.is_fenced(root));
                named.extend(ours.map(|(root, line)| (place, root, line)));
                // `{self, B}` names the crate once.
                named.dedup();
                place = end.max(place + 1);
                continue;
            }
            let word = source.word(place).filter(|word| self.is_fenced(word));
            if let Some(word) = word.filter(|_| begins_path(source, place)) {
                named.push((place, word.to_owned(), token.line));
            }
            place += 1;
        }
        named
    }

    fn is_fenced(&self, name: &str) -> bool {
        self.crates.iter().any(|one| one.replace('-', "_") == name)
    }
}

/// Whether the word at this place is the first of a path, or an `extern crate`.
fn begins_path(source: &Source, place: usize) -> bool {
    let is_extern = place > 0 && source.has(place - 1, &["crate"]);
    let is_first = place < 2
        || !source.has(place - 1, &["."])
            && (!source.has(place - 2, &[":", ":"]) || is_leading(source, place - 2));
    is_first && (is_extern || source.has(place + 1, &[":", ":"]))
}

/// Whether the token at this place is part of a test of the binary.
fn is_binarys_test(file: &File, place: usize) -> bool {
    file.is_in(BINARY.folder) && (file.is_test() || file.source().is_for_tests(place))
}

/// Whether the colons at this place begin a path, as in `::serde`.
fn is_leading(source: &Source, colons: usize) -> bool {
    colons == 0 || source.word(colons - 1).is_none()
}

fn is_in(folder: &str, other: &str) -> bool {
    folder.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
