//! Debian packages.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{run_quietly, which};

/// Installs Debian packages; fails with the command to type where that is not ours to do.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    if which("apt-get").is_none() {
        bail!(
            "missing: {list} (Debian's names). Install them with this system's package manager, then run the command again"
        );
    }
    if !is_root() {
        bail!(
            "missing: {list}. Run `sudo apt-get update && sudo apt-get install --yes {list}`, then run the command again"
        );
    }
    println!("  installing {list}");
    run_quietly(&mut apt_get(&["update"])).context("cannot refresh Debian's package lists")?;
    run_quietly(apt_get(&["install", "--yes", "--no-install-recommends"]).args(packages))
        .with_context(|| format!("cannot install {list}"))?;
    Ok(())
}

/// Whether this process may install packages.
fn is_root() -> bool {
    run_quietly(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn apt_get(arguments: &[&str]) -> Command {
    let mut command = Command::new("apt-get");
    command.arg("--quiet").args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    command
}
