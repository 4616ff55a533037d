//! Checks of the source itself.

use anyhow::Result;

use super::counts::Counts;
use crate::cargo::{self, WEB_PACKAGES, cargo};
use crate::process;
use crate::setup::{WasmToolchain, wasm_target};
use crate::step::step;

/// Whether rustfmt would change nothing.
pub(super) fn format() -> Result<Counts> {
    step("Checking the format", || process::run(cargo().args(["fmt", "--all", "--check"])))?;
    Ok(Counts::one_pass())
}

/// Whether Clippy finds nothing, in what runs on this machine and in what runs in a browser.
pub(super) fn clippy() -> Result<Counts> {
    let toolchain = wasm_target::find_or_install()?;
    let host = step("Clippy on server, tests and commands", || {
        let mut command = cargo();
        command.args(["clippy", "--workspace", "--all-targets"]);
        for package in WEB_PACKAGES {
            command.args(["--exclude", package]);
        }
        cargo::build("clippy", command.args(["--", "--deny", "warnings"]))
    });
    let web = step("Clippy on widget and console", || {
        // Debian's Rust for the web has no Clippy; the compiler's own warnings are checked then.
        let verb = match toolchain {
            WasmToolchain::Rustup => "clippy",
            WasmToolchain::Debian => "check",
        };
        let mut command = toolchain.cargo(verb);
        command.arg("--all-targets");
        for package in WEB_PACKAGES {
            command.args(["--package", package]);
        }
        match toolchain {
            WasmToolchain::Rustup => command.args(["--", "--deny", "warnings"]),
            WasmToolchain::Debian => command.env("RUSTFLAGS", "--deny=warnings"),
        };
        cargo::build("clippy", &mut command)
    });
    let counts = [host, web].map(|result| match result {
        Ok(()) => Counts::one_pass(),
        Err(error) => {
            eprintln!("error: {error:#}");
            Counts::one_failure()
        }
    });
    Ok(counts.into_iter().sum())
}
