//! What the commands need on the machine: looked for first, installed where that is possible,
//! named exactly where it is not.

pub mod apt;
pub mod browser;
pub mod cargo_fuzz;
pub mod cargo_tool;
pub mod node;
pub mod php;
pub mod wasm_target;

pub use browser::Browser;
pub use wasm_target::WasmToolchain;

use anyhow::Result;

use crate::paths;
use crate::step::step;

/// The Node.js that wasm-opt and esbuild run on; Debian 12 has it.
const NODE_FOR_BUILD: u32 = 18;
/// The Node.js that Playwright runs on.
const NODE_FOR_BROWSER_TESTS: u32 = 20;

/// Makes sure that the web parts can be built.
pub fn for_build() -> Result<WasmToolchain> {
    let toolchain = step("Looking for a compiler to WebAssembly", || {
        let toolchain = wasm_target::find_or_install()?;
        println!("  {toolchain}");
        Ok(toolchain)
    })?;
    step("Looking for wasm-opt and esbuild", || node::install(&paths::tools(), NODE_FOR_BUILD))?;
    Ok(toolchain)
}

/// Makes sure that the README's samples can run.
pub fn for_samples() -> Result<()> {
    step("Looking for PHP", php::find_or_install)
}

/// Makes sure that the fuzz targets can be compiled and run.
pub fn for_fuzzing() -> Result<()> {
    step("Looking for cargo-fuzz", cargo_fuzz::find_or_install)
}

/// Makes sure that the browser tests can run.
pub fn for_browser_tests() -> Result<Browser> {
    let browser = step("Looking for Chromium", browser::find_or_install)?;
    step("Looking for Playwright", || {
        node::install(&paths::browser_tests(), NODE_FOR_BROWSER_TESTS)
    })?;
    Ok(browser)
}
