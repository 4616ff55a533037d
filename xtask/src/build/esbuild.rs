//! Making scripts and style sheets small.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::paths;
use crate::process::run_quietly;

/// The oldest browsers that run the WASM need nothing older.
const TARGET: &str = "--target=es2020,chrome96,firefox98,safari15.4";

/// Minifies a classic script.
pub(super) fn minify_script(source: &Path) -> Result<Vec<u8>> {
    esbuild(source, &["--minify", "--charset=utf8", TARGET])
}

/// Bundles a module with all that it imports, leaves out what nobody uses, and minifies it.
pub(super) fn bundle_module(entry: &Path) -> Result<Vec<u8>> {
    esbuild(entry, &["--bundle", "--minify", "--format=esm", "--charset=utf8", TARGET])
}

/// Bundles style sheets into one, in this order, with all that they import, and minifies it.
pub(super) fn bundle_styles(sources: &[PathBuf]) -> Result<Vec<u8>> {
    let all = paths::target().join("web-stage/all.css");
    let imports = sources
        .iter()
        .map(|source| format!("@import {:?};\n", source.display().to_string()))
        .collect::<String>();
    fs::write(&all, imports).with_context(|| format!("cannot write {}", all.display()))?;
    esbuild(&all, &["--bundle", "--minify", "--charset=utf8"])
}

fn esbuild(source: &Path, flags: &[&str]) -> Result<Vec<u8>> {
    let output = run_quietly(
        Command::new(program()?)
            .arg(source)
            .args(flags)
            .args(["--legal-comments=none", "--log-level=warning"]),
    )?;
    Ok(output.into_bytes())
}

/// The program for this system, which npm chose among the packages that esbuild comes in.
fn program() -> Result<PathBuf> {
    let packages = paths::tools().join("node_modules/@esbuild");
    let package = fs::read_dir(&packages)?
        .next()
        .with_context(|| format!("{} is empty", packages.display()))??;
    Ok(package.path().join("bin/esbuild"))
}
