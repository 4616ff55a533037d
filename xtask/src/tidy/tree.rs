//! The files of the repository.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::source::{Language, Source};

/// Files whose text some rule reads.
const TEXTS: &[&str] = &["css", "js", "lock", "md", "mjs", "mts", "rs", "sql", "toml", "ts"];

/// All files that Git would keep, by their paths from the root with `/`.
pub(super) struct Tree {
    root: PathBuf,
    files: BTreeMap<String, File>,
}

/// One file.
pub(super) struct File {
    pub path: String,
    /// Empty for files that no rule reads.
    pub text: String,
    source: OnceCell<Source>,
}

impl Tree {
    /// Reads the repository at `root`.
    pub(super) fn load(root: &Path) -> Result<Self> {
        let ignored = fs::read_to_string(root.join(".gitignore")).unwrap_or_default();
        let ignored: Vec<_> =
            ignored.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let mut tree = Self { root: root.to_owned(), files: BTreeMap::new() };
        tree.walk("", &ignored)?;
        Ok(tree)
    }

    /// A tree that is on no disk.
    #[cfg(test)]
    pub(super) fn of<const N: usize>(files: [(&str, &str); N]) -> Self {
        Self::from_pairs(&files)
    }

    /// A tree that is on no disk; of two files with one path the later counts.
    #[cfg(test)]
    pub(super) fn from_pairs(files: &[(&str, &str)]) -> Self {
        let mut tree = Self { root: PathBuf::new(), files: BTreeMap::new() };
        for (path, text) in files {
            tree.insert((*path).to_owned(), (*text).to_owned());
        }
        tree
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn files(&self) -> impl Iterator<Item = &File> {
        self.files.values()
    }

    pub(super) fn file(&self, path: &str) -> Option<&File> {
        self.files.get(path)
    }

    /// Whether there is a file or a folder at `path`.
    pub(super) fn has(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        path.is_empty()
            || self.files.contains_key(path)
            || self
                .files
                .range(folder.clone()..)
                .next()
                .is_some_and(|(at, _)| at.starts_with(&folder))
    }

    /// The files written in `language`.
    pub(super) fn written_in(&self, language: Language) -> impl Iterator<Item = &File> {
        self.files().filter(move |file| file.language() == Some(language))
    }

    fn walk(&mut self, folder: &str, ignored: &[&str]) -> Result<()> {
        let at = self.root.join(folder);
        let entries = fs::read_dir(&at).with_context(|| format!("cannot read {}", at.display()))?;
        for entry in entries {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            if name == ".git" || is_ignored(&path, &name, ignored) {
                continue;
            }
            let kind = entry.file_type()?;
            if kind.is_dir() {
                self.walk(&path, ignored)?;
            } else if kind.is_file() {
                let bytes = if is_text(&name) { fs::read(entry.path()) } else { Ok(Vec::new()) };
                let bytes = bytes.with_context(|| format!("cannot read {path}"))?;
                // Documents that tests read may be in any encoding.
                let text = String::from_utf8_lossy(&bytes).into_owned();
                self.insert(path, text);
            }
        }
        Ok(())
    }

    fn insert(&mut self, path: String, text: String) {
        let file = File { path: path.clone(), text, source: OnceCell::new() };
        self.files.insert(path, file);
    }
}

impl File {
    pub(super) fn language(&self) -> Option<Language> {
        Language::of(&self.path)
    }

    /// The text in pieces. Only for files in a language.
    pub(super) fn source(&self) -> &Source {
        let language = self.language().expect("only source is taken apart");
        self.source.get_or_init(|| Source::new(language, &self.text))
    }

    /// Whether the file lies in `folder`, at any depth.
    pub(super) fn is_in(&self, folder: &str) -> bool {
        self.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    }

    /// Whether the file's name says that it holds tests. In a package's folder of tests, that is
    /// every file.
    pub(super) fn is_test(&self) -> bool {
        self.path.split('/').any(|part| matches!(part, "tests" | "tests.rs" | "benches"))
    }
}

/// The two forms that this repository's list has: `/path/from/root` and `name`.
fn is_ignored(path: &str, name: &str, ignored: &[&str]) -> bool {
    ignored.iter().any(|pattern| match pattern.strip_prefix('/') {
        Some(rooted) => path == rooted.trim_end_matches('/'),
        None => name == pattern.trim_end_matches('/'),
    })
}

fn is_text(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| TEXTS.contains(&extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_repository_is_taken_apart() {
        let tree = Tree::load(crate::paths::root()).unwrap();
        let files = tree.files().filter(|file| file.language().is_some());
        for file in files.filter(|file| !file.path.contains("/fixtures/")) {
            let line = file.source().lonely_bracket().map(|token| token.line);
            assert_eq!(line, None, "{}", file.path);
        }
    }

    #[test]
    fn what_git_ignores_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["a.rs", "data/x.rs", "sub/data/y.rs", "sub/node_modules/z.rs"] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        fs::write(folder.path().join(".gitignore"), "/data\nnode_modules\n").unwrap();
        let tree = Tree::load(folder.path()).unwrap();
        let paths: Vec<_> = tree.files().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, [".gitignore", "a.rs", "sub/data/y.rs"]);
        assert!(tree.has("sub") && tree.has("sub/data/") && !tree.has("su") && !tree.has("data"));
    }
}
