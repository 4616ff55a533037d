//! Every dependency is used.

use std::process::Stdio;

use anyhow::{Context, Result, bail};

use crate::cargo::cargo;
use crate::process::shown;
use crate::tidy::fault::Fault;
use crate::tidy::manifest::{Package, packages};
use crate::tidy::tree::Tree;

/// Where a package lists what cargo-machete cannot see.
const LIST: &str = "[package.metadata.cargo-machete]";

/// What cargo-machete finds unused, and exceptions to it without a reason.
pub(crate) fn check(tree: &Tree) -> Result<Vec<Fault>> {
    let mut command = cargo();
    // It takes this variable for a sign that Cargo does not run it, and its own name for a folder.
    command.current_dir(tree.root()).env_remove("CARGO_PKG_NAME").stdin(Stdio::null());
    // Without the metadata it does not look at what only tests use.
    command.args(["machete", "--with-metadata", "--skip-target-dir", "."]);
    let output = command.output().with_context(|| format!("cannot start {}", shown(&command)))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let packages = packages(tree)?;
    let mut faults = unused(&packages, &text);
    // It ends with 1 if it found something, and with 2 if it could not look.
    let is_plausible = match output.status.code() {
        Some(0) => faults.is_empty(),
        Some(1) => !faults.is_empty(),
        _ => false,
    };
    if !is_plausible {
        let errors = String::from_utf8_lossy(&output.stderr);
        bail!("`{}` failed: {}\n{text}{errors}", shown(&command), output.status);
    }
    faults.extend(packages.iter().flat_map(exceptions_without_reason));
    Ok(faults)
}

/// Reads its list: a line for each package with its manifest, and indented lines below.
fn unused(packages: &[Package<'_>], report: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut package = None;
    for line in report.lines() {
        if let Some((_, path)) = line.split_once(" -- ") {
            let path = path.trim_end_matches(':').trim_start_matches("./");
            package = packages.iter().find(|package| package.manifest.path == path);
        } else if let Some(name) = line.strip_prefix('\t')
            && let Some(package) = package
        {
            let dependency = package.dependencies.iter().find(|one| one.package == name);
            let line = dependency.map_or(1, |one| one.line);
            let what = format!("{} does not use {name}", package.name);
            let remedy = format!("take it out, or list it below {LIST} with the reason above it");
            faults.push(Fault::new(&package.manifest.path, line, what, remedy));
        }
    }
    faults
}

/// The list of exceptions, unless a comment with the reason stands right above it.
fn exceptions_without_reason(package: &Package<'_>) -> Option<Fault> {
    let lines: Vec<_> = package.manifest.text.lines().collect();
    let heading = lines.iter().position(|line| line.trim() == LIST)?;
    let list = heading + lines[heading..].iter().position(|line| line.starts_with("ignored"))?;
    let has_reason = lines[list - 1].trim_start().starts_with('#');
    let what = "exceptions from the rule on unused dependencies, without a reason";
    let fault = Fault::new(&package.manifest.path, list + 1, what, "write it in the line above");
    (!has_reason).then_some(fault)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::setup;

    fn faults(dependencies: &str, code: &str) -> Option<Vec<String>> {
        if !setup::has_tool_for_test("cargo-machete") {
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let manifest = |name: &str, rest: &str| {
            format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n{rest}")
        };
        let root = "[workspace]\nresolver = \"3\"\nmembers = [\"a\", \"b-c\"]\n";
        for (path, text) in [
            ("Cargo.toml", root),
            ("a/Cargo.toml", &manifest("a", dependencies)),
            ("a/src/lib.rs", code),
            ("b-c/Cargo.toml", &manifest("b-c", "")),
            ("b-c/src/lib.rs", ""),
        ] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let tree = Tree::load(folder.path()).unwrap();
        Some(check(&tree).unwrap().iter().map(ToString::to_string).collect())
    }

    #[test]
    fn what_is_used_or_excepted_is_fine() {
        let dependency = "[dependencies]\nb-c = { path = \"../b-c\" }\n";
        let Some(found) = faults(dependency, "pub use b_c::d;") else { return };
        assert_eq!(found, [""; 0]);
        let excepted =
            format!("{dependency}{LIST}\n# It is there for its feature.\nignored = [\"b-c\"]\n");
        assert_eq!(faults(&excepted, "").unwrap(), [""; 0]);
    }

    #[test]
    fn what_is_unused_is_told() {
        for heading in ["[dependencies]", "[dev-dependencies]"] {
            let dependency = format!("{heading}\nb-c = {{ path = \"../b-c\" }}\n");
            let Some(found) = faults(&dependency, "") else { return };
            let expected = format!(
                "a/Cargo.toml:5: a does not use b-c; \
                 take it out, or list it below {LIST} with the reason above it"
            );
            assert_eq!(found, [expected]);
        }
        let excepted =
            format!("[dependencies]\nb-c = {{ path = \"../b-c\" }}\n{LIST}\nignored = [\"b-c\"]\n");
        let found = faults(&excepted, "").unwrap();
        assert!(found[0].starts_with("a/Cargo.toml:7: exceptions from the rule"), "{found:?}");
    }
}
