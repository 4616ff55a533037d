//! The folder `target/dist`: files under their final names, compressed beside themselves.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::compress;
use crate::stamp;
use crate::step::step;

/// Hex digits of the content's hash in a name: 48 bits tell any two builds apart.
const HASH_DIGITS: usize = 12;

/// The folder while it is being filled.
pub(super) struct Dist {
    folder: PathBuf,
    files: BTreeSet<PathBuf>,
    changed: Vec<PathBuf>,
}

impl Dist {
    /// Begins a new content; files of an older one stay until [`Dist::finish`], so that a running
    /// server always finds what it serves.
    pub(super) fn open(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder.join("assets"))
            .with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self { folder: folder.to_owned(), files: BTreeSet::new(), changed: Vec::new() })
    }

    /// Adds a file whose name changes with its content, and returns its path on the server.
    pub(super) fn add_hashed(
        &mut self,
        name: &str,
        extension: &str,
        content: &[u8],
    ) -> Result<String> {
        let hash = stamp::digest([content]);
        let path = format!("assets/{name}-{}.{extension}", &hash[..HASH_DIGITS]);
        self.add(&path, content)?;
        Ok(format!("/{path}"))
    }

    /// Adds a file under a fixed name.
    pub(super) fn add(&mut self, path: &str, content: &[u8]) -> Result<()> {
        let path = self.folder.join(path);
        if !fs::read(&path).is_ok_and(|old| old == content) {
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            for stale in compress::siblings(&path) {
                let _ = fs::remove_file(stale);
            }
            fs::write(&path, content)
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        if compress::siblings(&path).iter().any(|file| !file.exists()) {
            self.changed.push(path.clone());
        }
        self.files.insert(path);
        Ok(())
    }

    /// Compresses what is new and removes what is old.
    pub(super) fn finish(self) -> Result<()> {
        if !self.changed.is_empty() {
            step("Compressing", || compress::compress(&self.changed))?;
        }
        let mut current = self.files;
        let siblings: Vec<_> = current.iter().flat_map(|f| compress::siblings(f)).collect();
        current.extend(siblings);
        remove_others(&self.folder, &current)
    }
}

fn remove_others(folder: &Path, keep: &BTreeSet<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            remove_others(&path, keep)?;
        } else if !keep.contains(&path) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}
