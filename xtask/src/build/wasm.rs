//! From Rust to a small WebAssembly module and its glue script.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use walrus::ModuleConfig;
use wasm_bindgen_cli_support::Bindgen;

use super::slim;
use crate::cargo;
use crate::paths;
use crate::process::run_quietly;
use crate::setup::WasmToolchain;
use crate::setup::wasm_target::TARGET;
use crate::step::step;

const WASM_OPT: &[&str] = &[
    "-Oz",
    // These three make the module smaller but less regular, and so larger once it is compressed:
    // by two parts in a hundred.
    "--skip-pass=local-cse",
    "--skip-pass=inlining-optimizing",
    "--skip-pass=simplify-locals",
    // What is alike stands together then.
    "--reorder-functions-by-name",
    // The features that every current browser has. With all that wasm-opt knows it would write
    // modules that Chromium refuses.
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
];

/// Compiles widget and console in one go, so that what both use is compiled once.
pub(super) fn compile(toolchain: WasmToolchain) -> Result<()> {
    step("Compiling widget and console to WebAssembly", || {
        let mut command = toolchain.cargo("build");
        command.args(["--profile", "web"]);
        command.args(["--package", "cavuer-widget", "--lib"]);
        command.args(["--package", "cavuer-console", "--bin", "cavuer-console"]);
        cargo::build("web", &mut command)
    })
}

/// Where Cargo leaves a compiled module.
pub(super) fn compiled(module: &str) -> PathBuf {
    paths::target().join(TARGET).join("web").join(module).with_extension("wasm")
}

/// What becomes of the texts of panics.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Panics {
    /// A hook shows them in the browser's console.
    Told,
    /// Nobody would see them, so they are left out.
    Silent,
}

/// Writes `glue.js` and `glue_bg.wasm` into `folder`. The names of functions are kept for
/// [`optimise`].
pub(super) fn bind(module: &Path, folder: &Path, panics: Panics) -> Result<()> {
    let mut wasm = ModuleConfig::new()
        .generate_name_section(true)
        .parse_file(module)
        .with_context(|| format!("cannot read {}", module.display()))?;
    if panics == Panics::Silent {
        slim::silence_panics(&mut wasm);
    }
    Bindgen::new()
        .input_module("glue", wasm)
        .out_name("glue")
        .web(true)?
        .typescript(false)
        .remove_producers_section(true)
        .generate(folder)
        .with_context(|| format!("wasm-bindgen failed on {}", module.display()))?;
    slim::shorten_names(&folder.join("glue_bg.wasm"), &folder.join("glue.js"))
}

/// Makes a module as small as wasm-opt can.
pub(super) fn optimise(module: &Path) -> Result<Vec<u8>> {
    let small = module.with_extension("opt.wasm");
    run_quietly(
        Command::new("node")
            .arg(paths::tools().join("node_modules/binaryen/bin/wasm-opt"))
            .args(WASM_OPT)
            .arg(module)
            .arg("--output")
            .arg(&small),
    )?;
    fs::read(&small).with_context(|| format!("wasm-opt wrote no {}", small.display()))
}
