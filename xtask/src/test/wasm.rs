//! Tests of widget and console that run as WebAssembly in headless Chromium.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;
use serde_json::json;

use super::counts::Counts;
use super::rust::run_harness;
use crate::cargo::{self, WEB_PACKAGES, cargo};
use crate::paths;
use crate::setup::{self, Browser, WasmToolchain};
use crate::step::step;

/// Seconds that the tests of one package may take.
const TIMEOUT: &str = "120";

/// Compiles the tests and runs them.
pub(super) fn test() -> Result<Counts> {
    let toolchain = setup::wasm_target::find_or_install()?;
    let browser = setup::browser::find_or_install()?;
    step("Building wasm-bindgen's test runner", || {
        cargo::build("runner", cargo().args(["build", "--package", "wasm-bindgen-tools"]))
    })?;
    step("Compiling the WASM tests", || {
        cargo::build("tests", web_tests(toolchain).arg("--no-run"))
    })?;
    let capabilities = write_capabilities(&browser)?;
    step("WASM tests", || {
        run_harness(
            web_tests(toolchain)
                .arg("--no-fail-fast")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner())
                .env("CHROMEDRIVER", &browser.driver)
                .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &capabilities)
                .env("WASM_BINDGEN_TEST_TIMEOUT", TIMEOUT)
                .env("WASM_BINDGEN_USE_BROWSER", "1"),
        )
    })
}

fn web_tests(toolchain: WasmToolchain) -> Command {
    let mut command = toolchain.cargo("test");
    command.args(["--lib", "--bins", "--tests"]);
    for package in WEB_PACKAGES {
        command.args(["--package", package]);
    }
    command
}

fn runner() -> PathBuf {
    paths::target().join("debug/wasm-bindgen-test-runner")
}

/// Tells the driver which browser to start, and how.
fn write_capabilities(browser: &Browser) -> Result<PathBuf> {
    let capabilities = json!({
        "goog:chromeOptions": {
            "binary": browser.chromium,
            "args": setup::browser::FLAGS,
        }
    });
    let path = paths::target().join("webdriver.json");
    fs::write(&path, capabilities.to_string())?;
    Ok(path)
}
