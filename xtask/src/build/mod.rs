//! Building what browsers download: from source to `target/dist`.

mod book;
mod bundle;
mod compress;
mod console;
mod console_page;
mod dist;
mod esbuild;
mod manifest;
mod slim;
mod wasm;

pub(crate) use manifest::Manifest;

use std::path::PathBuf;
use std::thread;

use anyhow::Result;

use crate::cargo::{self, cargo};
use crate::paths;
use crate::setup::{self, WasmToolchain};
use crate::step::step;

use bundle::Entry;
use dist::Dist;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Build the `cavuer` binary for release too, with the files embedded
    #[arg(long)]
    release: bool,
}

/// `cargo xtask build`
pub(crate) fn build(options: Options) -> Result<()> {
    let toolchain = setup::for_build()?;
    step("Building what browsers download", || web(toolchain))?;
    if options.release {
        step("Building cavuer for release", || server(ServerProfile::Release))?;
    }
    Ok(())
}

/// Builds widget, console and loader, and lays them into `target/dist`.
pub(crate) fn web(toolchain: WasmToolchain) -> Result<()> {
    wasm::compile(toolchain)?;
    let (widget, console) = thread::scope(|scope| {
        let widget = scope.spawn(|| bundle::module("cavuer_widget", Entry::Library(&["mount"])));
        let console = bundle::module("cavuer-console", Entry::Program);
        let widget = widget.join().expect("bundling does not panic");
        anyhow::Ok((widget?, console?))
    })?;

    let mut dist = Dist::open(&paths::dist())?;
    let loader = paths::root().join("assets/embed.js");
    dist.add("embed.js", &esbuild::minify_script(&loader)?)?;
    let widget_wasm = dist.add_hashed("widget", "wasm", &widget.wasm)?;
    let widget_script = dist.add_hashed("widget", "js", &widget.script(&widget_wasm))?;
    console::add(&mut dist, &console)?;
    book::add(&mut dist)?;

    let manifest = Manifest { widget_script, widget_wasm };
    dist.add("manifest.json", &manifest.to_json())?;
    dist.finish()
}

/// How the server is compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ServerProfile {
    /// Compiles quickly; reads what browsers download from `target/dist`.
    Dev,
    /// Runs quickly; has everything embedded.
    Release,
}

impl ServerProfile {
    /// The binary that this profile makes.
    pub(crate) fn binary(self) -> PathBuf {
        let folder = match self {
            Self::Dev => "debug",
            Self::Release => "release",
        };
        paths::target().join(folder).join("cavuer")
    }
}

/// Builds the `cavuer` binary.
pub(crate) fn server(profile: ServerProfile) -> Result<()> {
    let mut command = cargo();
    command.args(["build", "--package", "cavuer", "--bin", "cavuer"]);
    if profile == ServerProfile::Release {
        command.arg("--release");
    }
    cargo::build("server", &mut command)
}
