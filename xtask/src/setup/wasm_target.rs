//! A compiler for `wasm32-unknown-unknown`: rustup's target, or else Debian's own packages.

use std::fmt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::apt;
use crate::cargo::cargo;
use crate::paths;
use crate::process::{run_quietly, which};

/// Rust's name for WebAssembly in a browser.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Debian's Rust for the web: a newer compiler than Debian's default one, with the standard
/// library's source instead of a compiled one.
const DEBIAN_PACKAGES: &[&str] = &["rustc-web", "cargo-web", "rust-web-src", "lld-22"];
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_LINKER: &str = "/usr/lib/llvm-22/bin/wasm-ld";
const DEBIAN_SOURCE: &str = "/usr/lib/rustlib/src/rust/library/std/Cargo.toml";

/// Which Rust compiles to WebAssembly.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum WasmToolchain {
    /// The Rust that runs xtask has the target.
    Rustup,
    /// Debian's Rust, which compiles the standard library along.
    Debian,
}

impl WasmToolchain {
    /// `cargo {verb} --target wasm32-unknown-unknown` with this toolchain.
    pub(crate) fn cargo(self, verb: &str) -> Command {
        let mut command = match self {
            Self::Rustup => cargo(),
            Self::Debian => Command::new(DEBIAN_CARGO),
        };
        command.current_dir(paths::root()).arg(verb);
        if self == Self::Debian {
            // What a rustup proxy exported would lead Debian's Cargo to rustup's compiler.
            for name in ["CARGO", "RUSTUP_TOOLCHAIN", "RUSTDOC"] {
                command.env_remove(name);
            }
            command
                .env("RUSTC", DEBIAN_RUSTC)
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", DEBIAN_LINKER)
                // Compiling the standard library is an option of nightly compilers only.
                .env("RUSTC_BOOTSTRAP", "1")
                .arg("-Zbuild-std=std,panic_abort");
        }
        command.args(["--target", TARGET]);
        command
    }
}

impl fmt::Display for WasmToolchain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rustup => "taking rustup's target wasm32-unknown-unknown",
            Self::Debian => "taking Debian's rustc-web, with a standard library built along",
        })
    }
}

/// Finds a toolchain that can compile to WebAssembly, or installs one.
pub(crate) fn find_or_install() -> Result<WasmToolchain> {
    if rustup_target_is_installed()? || add_rustup_target() {
        return Ok(WasmToolchain::Rustup);
    }
    if !debian_is_installed() {
        apt::install(DEBIAN_PACKAGES).context(
            "there is no compiler to WebAssembly: neither `rustup target add wasm32-unknown-unknown` nor Debian's packages gave one",
        )?;
    }
    Ok(WasmToolchain::Debian)
}

fn rustup_target_is_installed() -> Result<bool> {
    let sysroot = run_quietly(Command::new("rustc").args(["--print", "sysroot"]))
        .context("Rust is not installed: see https://rustup.rs")?;
    Ok(Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).join("lib").is_dir())
}

fn add_rustup_target() -> bool {
    if which("rustup").is_none() {
        return false;
    }
    println!("  rustup target add {TARGET}");
    match run_quietly(Command::new("rustup").args(["target", "add", TARGET])) {
        Ok(_) => true,
        Err(error) => {
            let reason = error.to_string();
            let reason = reason.trim().lines().last().unwrap_or_default();
            println!("  rustup could not add it ({reason}); trying Debian's packages");
            false
        }
    }
}

fn debian_is_installed() -> bool {
    [DEBIAN_RUSTC, DEBIAN_CARGO, DEBIAN_LINKER, DEBIAN_SOURCE]
        .iter()
        .all(|path| Path::new(path).exists())
}
