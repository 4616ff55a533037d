//! Node.js and the npm packages that lock files pin.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::apt;
use crate::process::{run_quietly, which};
use crate::stamp;

/// Installs the npm packages of `folder` as its lock file says, unless they are there. They need
/// Node.js `oldest` or later.
pub(crate) fn install(folder: &Path, oldest: u32) -> Result<()> {
    let lock = folder.join("package-lock.json");
    let lock = fs::read(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    let digest = stamp::digest([lock.as_slice()]);
    let stamp = folder.join("node_modules/.installed");
    check_node(oldest)?;
    if stamp::is_fresh(&stamp, &digest) {
        return Ok(());
    }
    println!("  npm ci in {}", folder.display());
    run_quietly(Command::new("npm").arg("ci").current_dir(folder))?;
    stamp::write(&stamp, &digest)
}

fn check_node(oldest: u32) -> Result<()> {
    if which("node").is_none() || which("npm").is_none() {
        apt::install(&["nodejs", "npm"])?;
    }
    let version = run_quietly(Command::new("node").arg("--version"))?;
    let major = version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < oldest) {
        bail!(
            "Node.js {} is too old: install Node.js {oldest} or later, then run the command again",
            version.trim()
        );
    }
    Ok(())
}
