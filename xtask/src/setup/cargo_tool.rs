//! Cargo's commands that are programs of their own.

use anyhow::Result;

use crate::cargo::{self, cargo};
use crate::process::which;

/// Finds a command, or installs this version of it.
pub(crate) fn find_or_install(name: &str, version: &str) -> Result<()> {
    if which(name).is_some() {
        return Ok(());
    }
    println!("  installing {name} {version}");
    cargo::build(name, cargo().args(["install", "--locked", "--version", version, name]))
}
