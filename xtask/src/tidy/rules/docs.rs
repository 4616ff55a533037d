//! Links in the documentation of the code lead somewhere.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::cargo::{WEB_PACKAGES, cargo};
use crate::process::shown;
use crate::setup::{WasmToolchain, wasm_target};
use crate::tidy::fault::Fault;
use crate::tidy::tree::Tree;

/// What Cargo tells of one package.
#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    message: Option<Diagnostic>,
}

#[derive(Deserialize)]
struct Diagnostic {
    message: String,
    level: String,
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Span {
    file_name: String,
    line_start: usize,
    is_primary: bool,
}

/// Has everything documented, private items too, and tells what rustdoc has to say about it.
pub(crate) fn check(_: &Tree) -> Result<Vec<Fault>> {
    let toolchain = wasm_target::find_or_install()?;
    let mut host = cargo();
    host.args(["doc", "--workspace"]);
    for package in WEB_PACKAGES {
        host.args(["--exclude", package]);
    }
    let mut faults = document(&mut host)?;
    match toolchain {
        WasmToolchain::Rustup => {
            let mut web = toolchain.cargo("doc");
            for package in WEB_PACKAGES {
                web.args(["--package", package]);
            }
            faults.extend(document(&mut web)?);
        }
        WasmToolchain::Debian => {
            println!("  without widget and console: Debian's Rust for the web has no rustdoc");
        }
    }
    Ok(faults)
}

/// Runs `cargo doc` and makes faults of what rustdoc warns of.
fn document(command: &mut Command) -> Result<Vec<Fault>> {
    command
        .args(["--no-deps", "--document-private-items", "--keep-going"])
        .args(["--quiet", "--message-format", "json"])
        // The pages are for who works on the code, and so private items are there to link to.
        .env("RUSTDOCFLAGS", "--deny warnings --allow rustdoc::private_intra_doc_links")
        .stdin(Stdio::null());
    let output = command.output().with_context(|| format!("cannot start {}", shown(command)))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let messages = text.lines().filter_map(|line| serde_json::from_str::<Message>(line).ok());
    let faults: Vec<_> = messages.filter_map(|message| fault(message.message?)).collect();
    if faults.is_empty() && !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        bail!("`{}` failed: {}\n{errors}", shown(command), output.status);
    }
    Ok(faults)
}

fn fault(diagnostic: Diagnostic) -> Option<Fault> {
    let place = diagnostic.spans.iter().find(|span| span.is_primary)?;
    let is_fault = matches!(diagnostic.level.as_str(), "error" | "warning");
    is_fault.then(|| {
        let remedy = "mend what rustdoc cannot follow";
        Fault::new(&place.file_name, place.line_start, diagnostic.message, remedy)
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn faults(code: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("src")).unwrap();
        fs::write(folder.path().join("src/lib.rs"), code).unwrap();
        let manifest = "[package]\nname = \"a\"\nedition = \"2024\"\n[workspace]\n";
        fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
        let mut command = cargo();
        command.current_dir(folder.path()).args(["doc", "--offline", "--target-dir", "target"]);
        let faults = document(&mut command).unwrap();
        faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn links_that_lead_somewhere_are_fine() {
        assert_eq!(faults("//! See [`b`].\n\n/// A private one, see [crate].\nfn b() {}"), [""; 0]);
    }

    #[test]
    fn links_that_lead_nowhere_are_told() {
        let found = faults("\nmod a {\n    /// See [`gone`].\n    fn b() {}\n}\n");
        let expected = "src/lib.rs:3: unresolved link to `gone`; mend what rustdoc cannot follow";
        assert_eq!(found, [expected]);
    }
}
