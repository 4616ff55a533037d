//! `cargo xtask bench`

use std::ffi::OsString;

use anyhow::Result;

use crate::build::{self, ServerProfile};
use crate::cargo::cargo;
use crate::process;
use crate::setup;
use crate::step::step;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Passed on to the benchmarks
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// Builds for release and runs the benchmarks.
pub(crate) fn bench(options: Options) -> Result<()> {
    let toolchain = setup::for_build()?;
    // Only the page's benchmark needs a browser.
    if options.arguments.first().is_none_or(|name| name == "page") {
        setup::for_browser_tests()?;
    }
    step("Building what browsers download", || build::web(toolchain))?;
    step("Compiling the server", || build::server(ServerProfile::Release))?;
    step("Benchmarks", || {
        process::run(
            cargo()
                .args(["run", "--release", "--package", "cavuer-tests", "--bin", "bench", "--"])
                .args(options.arguments)
                .env("CAVUER_BINARY", ServerProfile::Release.binary()),
        )
    })
}
