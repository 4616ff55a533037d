//! Unit tests, and API tests on a real server.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use super::counts::Counts;
use crate::build;
use crate::cargo::{self, WEB_PACKAGES, cargo};
use crate::process::shown;
use crate::setup;
use crate::step::step;

/// Builds what the server serves, then runs the tests.
pub(super) fn test() -> Result<Counts> {
    let toolchain = setup::for_build()?;
    setup::for_samples()?;
    setup::for_tidying()?;
    step("Building what browsers download", || build::web(toolchain))?;
    compile()?;
    step("Unit and API tests", || run_harness(on_host("test").arg("--no-fail-fast")))
}

/// Compiles the server, its helpers in tests, and all tests that run on this machine.
///
/// In one go, because for one package at a time Cargo chooses other features of the crates they
/// share, and compiles those anew each time.
pub(super) fn compile() -> Result<()> {
    step("Compiling server and tests", || {
        cargo::build("tests", on_host("build").arg("--all-targets"))
    })
}

/// Runs test binaries of Rust's harness, shows what they print, and adds their counts up.
pub(super) fn run_harness(command: &mut Command) -> Result<Counts> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", shown(command)))?;
    let mut counts = Counts::default();
    for line in BufReader::new(child.stdout.take().expect("stdout is piped")).lines() {
        let line = line?;
        println!("{line}");
        counts = counts + Counts::from_harness_line(&line).unwrap_or_default();
    }
    // A test binary that dies prints no counts.
    if !child.wait()?.success() && counts.failed == 0 {
        counts = counts + Counts::one_failure();
    }
    Ok(counts)
}

/// A command of Cargo on all packages that run on this machine.
fn on_host(verb: &str) -> Command {
    let mut command = cargo();
    command.args([verb, "--workspace"]).env("INSTA_UPDATE", "no");
    // What a test does without where it is missing has to be here.
    command.env("CAVUER_TEST_PHP", "1").env("CAVUER_TEST_TOOLS", "1");
    for package in WEB_PACKAGES {
        command.args(["--exclude", package]);
    }
    command
}
