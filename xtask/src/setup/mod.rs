//! What the commands need on the machine: looked for first, installed where that is possible,
//! named exactly where it is not.

pub(crate) mod apt;
pub(crate) mod browser;
pub(crate) mod cargo_fuzz;
pub(crate) mod cargo_tool;
pub(crate) mod node;
pub(crate) mod php;
pub(crate) mod wasm_target;

pub(crate) use browser::Browser;
pub(crate) use wasm_target::WasmToolchain;

use anyhow::Result;

use crate::paths;
use crate::step::step;

/// The Node.js that wasm-opt and esbuild run on; Debian 12 has it.
const NODE_FOR_BUILD: u32 = 18;
/// The Node.js that Playwright runs on.
const NODE_FOR_BROWSER_TESTS: u32 = 20;
/// Finds dependencies that nothing uses.
const MACHETE: &str = "0.9.2";
/// Finds licences and second versions of packages.
const DENY: &str = "0.20.2";

/// Makes sure that the web parts can be built.
pub(crate) fn for_build() -> Result<WasmToolchain> {
    let toolchain = step("Looking for a compiler to WebAssembly", || {
        let toolchain = wasm_target::find_or_install()?;
        println!("  {toolchain}");
        Ok(toolchain)
    })?;
    step("Looking for wasm-opt and esbuild", || node::install(&paths::tools(), NODE_FOR_BUILD))?;
    Ok(toolchain)
}

/// Makes sure that the documentation's samples can run.
pub(crate) fn for_samples() -> Result<()> {
    step("Looking for PHP", php::find_or_install)
}

/// Makes sure that the fuzz targets can be compiled and run.
pub(crate) fn for_fuzzing() -> Result<()> {
    step("Looking for cargo-fuzz", cargo_fuzz::find_or_install)
}

/// Makes sure that the rules can ask about dependencies.
pub(crate) fn for_tidying() -> Result<()> {
    step("Looking for cargo-machete and cargo-deny", || {
        cargo_tool::find_or_install("cargo-machete", MACHETE)?;
        cargo_tool::find_or_install("cargo-deny", DENY)
    })
}

/// Whether a program is there that a test needs. Not everybody has it; `CAVUER_TEST_TOOLS=1` says
/// that it has to be here.
#[cfg(test)]
pub(crate) fn has_tool_for_test(program: &str) -> bool {
    let is_required = std::env::var_os("CAVUER_TEST_TOOLS").is_some_and(|value| value == "1");
    let is_here = crate::process::which(program).is_some();
    assert!(is_here || !is_required, "{program} has to be installed");
    is_here
}

/// Makes sure that the browser tests can run.
pub(crate) fn for_browser_tests() -> Result<Browser> {
    let browser = step("Looking for Chromium", browser::find_or_install)?;
    step("Looking for Playwright", || {
        node::install(&paths::browser_tests(), NODE_FOR_BROWSER_TESTS)
    })?;
    Ok(browser)
}
