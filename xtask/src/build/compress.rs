//! Compressed siblings, made once so that the server never compresses.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::paths;
use crate::process::run_quietly;

/// Formats that are compressed already gain nothing.
const INCOMPRESSIBLE: &[&str] = &["png", "jpg", "jpeg", "webp", "avif", "woff2"];

/// The files that [`compress`] makes of a file: brotli and gzip, or none.
pub(super) fn siblings(path: &Path) -> Vec<PathBuf> {
    let extension = path.extension().and_then(|extension| extension.to_str());
    if extension.is_some_and(|extension| INCOMPRESSIBLE.contains(&extension)) {
        return Vec::new();
    }
    ["br", "gz"]
        .iter()
        .map(|suffix| {
            let mut name = path.as_os_str().to_owned();
            name.push(".");
            name.push(suffix);
            PathBuf::from(name)
        })
        .collect()
}

/// Writes the siblings of `files`, as small as brotli and gzip can.
///
/// Node.js does it: it is needed anyway, and its compressors are compiled for speed, while xtask
/// and what it depends on are not.
pub(super) fn compress(files: &[PathBuf]) -> Result<()> {
    run_quietly(Command::new("node").arg(paths::tools().join("compress.mjs")).args(files))?;
    Ok(())
}
