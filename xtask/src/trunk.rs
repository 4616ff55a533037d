//! `cargo xtask trunk`: the console's live-reload loop.

use std::env;
use std::ffi::OsString;
use std::process::Command;

use anyhow::{Context, Result};

use crate::cargo::{self, cargo};
use crate::paths;
use crate::process;
use crate::setup;
use crate::step::step;

/// The newest Trunk that the project's Rust compiles.
const VERSION: &str = "0.21.14";

#[derive(clap::Args)]
pub(crate) struct Options {
    /// What Trunk is to do: `serve`, `build`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
    arguments: Vec<OsString>,
}

/// Installs Trunk if it is missing, and runs it with the wasm-bindgen that fits.
pub(crate) fn trunk(options: Options) -> Result<()> {
    setup::wasm_target::find_or_install()?;
    if process::which("trunk").is_none() {
        step("Installing Trunk, which takes many minutes once", || {
            cargo::build(
                "trunk",
                cargo().args(["install", "--locked", "--version", VERSION, "trunk"]),
            )
        })?;
    }
    step("Building wasm-bindgen", || {
        cargo::build("wasm-bindgen", cargo().args(["build", "--package", "wasm-bindgen-tools"]))
    })?;

    // Trunk takes the wasm-bindgen that it finds on PATH if the version fits, and would
    // download one otherwise.
    let path = env::var_os("PATH").context("PATH is not set")?;
    let tools = paths::target().join("debug");
    let path = env::join_paths([tools].into_iter().chain(env::split_paths(&path)))?;
    let trunk = process::which("trunk").context("Cargo's folder for programs is not on PATH")?;
    process::run(
        Command::new(trunk).args(options.arguments).env("PATH", &path).current_dir(paths::root()),
    )
}
