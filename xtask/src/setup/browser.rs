//! Chromium and its driver, for the tests that run in a browser.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::apt;
use crate::process::which;

/// Headless, also for root and in a container, and without a word to anybody outside.
pub(crate) const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// A browser that tests can steer.
pub(crate) struct Browser {
    pub chromium: PathBuf,
    pub driver: PathBuf,
}

/// Finds Chromium, or installs Debian's.
pub(crate) fn find_or_install() -> Result<Browser> {
    if let Some(browser) = find() {
        return Ok(browser);
    }
    apt::install(&["chromium", "chromium-driver", "fonts-liberation"])?;
    find().context("chromium and chromedriver are installed but not on PATH")
}

fn find() -> Option<Browser> {
    Some(Browser { chromium: which("chromium")?, driver: which("chromedriver")? })
}
