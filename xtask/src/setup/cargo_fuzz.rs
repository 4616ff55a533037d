//! cargo-fuzz, which compiles code so that libFuzzer can watch it.

use anyhow::Result;

use super::{apt, cargo_tool};
use crate::process::which;

/// The newest that the project's Rust compiles.
const VERSION: &str = "0.13.1";

/// Finds cargo-fuzz and the C++ compiler that libFuzzer needs, or installs them.
pub(crate) fn find_or_install() -> Result<()> {
    if which("c++").is_none() {
        apt::install(&["g++"])?;
    }
    cargo_tool::find_or_install("cargo-fuzz", VERSION)
}
