//! What people do, in a real browser on the real binary.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::counts::Counts;
use super::rust;
use crate::build::{self, ServerProfile};
use crate::paths;
use crate::setup;
use crate::step::step;

/// The part of Playwright's JSON report that is read.
#[derive(Deserialize)]
struct Report {
    stats: Stats,
    /// What went wrong outside of tests.
    errors: Vec<serde_json::Value>,
}

/// Numbers of tests: as expected, not so, only in a repetition, and left out.
#[derive(Deserialize)]
struct Stats {
    expected: u64,
    unexpected: u64,
    flaky: u64,
    skipped: u64,
}

/// Builds Cavuer as it ships, then runs Playwright on it.
pub(super) fn test() -> Result<Counts> {
    let toolchain = setup::for_build()?;
    let browser = setup::for_browser_tests()?;
    step("Building what browsers download", || build::web(toolchain))?;
    rust::compile()?;
    step("Browser tests", || {
        let folder = paths::browser_tests();
        let report = folder.join("report/report.json");
        let _ = fs::remove_file(&report);
        // Its exit code says nothing that the report does not.
        Command::new("npx")
            .args(["--no-install", "playwright", "test"])
            .current_dir(&folder)
            .env("CAVUER_BINARY", ServerProfile::Dev.binary())
            .env("SCRIPTED_PROVIDER", paths::target().join("debug/scripted-provider"))
            .env("CHROMIUM", &browser.chromium)
            .status()
            .context("cannot start npx")?;
        let report = fs::read(&report).context("Playwright left no report")?;
        let report: Report = serde_json::from_slice(&report)?;
        Ok(Counts {
            passed: report.stats.expected,
            failed: report.stats.unexpected + report.stats.flaky + report.errors.len() as u64,
            skipped: report.stats.skipped,
        })
    })
}
