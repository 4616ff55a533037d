//! What cargo-deny says of the packages in the lock file.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::fault::Fault;
use super::tree::Tree;
use crate::cargo::cargo;
use crate::process::shown;

/// Which licences we take, and of which packages two versions may be there, with the reasons.
pub(super) const SETTINGS: &str = "xtask/tidy/deny.toml";
/// Lists without use are faults: they would let something in unseen.
const STRICT: &[&str] = &[
    "license-exception-not-encountered",
    "license-not-encountered",
    "unmatched-skip",
    "unnecessary-skip",
];

/// A line of its report.
#[derive(Deserialize)]
struct Report {
    #[serde(rename = "type")]
    kind: String,
    fields: Fields,
}

/// What is in a diagnostic; nothing of it in the other reports.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Fields {
    code: String,
    severity: String,
    message: String,
    labels: Vec<Label>,
    graphs: Vec<Node>,
}

#[derive(Deserialize)]
struct Label {
    line: usize,
    message: String,
    span: String,
}

#[derive(Deserialize)]
struct Node {
    #[serde(rename = "Krate")]
    package: Named,
}

#[derive(Deserialize)]
struct Named {
    name: String,
    version: String,
}

/// Runs the checks on the packages of the workspace at `root`, under these settings.
pub(super) fn check(tree: &Tree, checks: &[&str], remedy: &str) -> Result<Vec<Fault>> {
    let settings = tree.root().join(SETTINGS);
    let mut faults: Vec<_> = report(tree.root(), &settings, checks)?
        .iter()
        .filter(|fields| fields.severity == "error")
        .map(|fields| fault(tree, fields, remedy))
        .collect();
    faults.sort();
    Ok(faults)
}

fn report(root: &Path, settings: &Path, checks: &[&str]) -> Result<Vec<Fields>> {
    let mut command = cargo();
    command.current_dir(root).stdin(Stdio::null());
    command.args(["deny", "--locked", "--workspace", "--format", "json", "--color", "never"]);
    command.arg("--config").arg(settings).arg("check").args(checks);
    for lint in STRICT {
        command.args(["--deny", lint]);
    }
    let output = command.output().with_context(|| format!("cannot start {}", shown(&command)))?;
    let text = String::from_utf8_lossy(&output.stderr);
    let mut fields = Vec::new();
    let mut is_whole = false;
    for line in text.lines() {
        let Ok(report) = serde_json::from_str::<Report>(line) else { continue };
        is_whole |= report.kind == "summary";
        if report.kind == "diagnostic" {
            fields.push(report.fields);
        }
    }
    let found = fields.iter().any(|fields| fields.severity == "error");
    if !is_whole || !found && !output.status.success() {
        bail!("`{}` failed: {}\n{text}", shown(&command), output.status);
    }
    Ok(fields)
}

fn fault(tree: &Tree, fields: &Fields, remedy: &str) -> Fault {
    let label = fields.labels.first();
    let line = label.map_or(1, |label| label.line);
    let versions: Vec<_> = fields
        .graphs
        .iter()
        .map(|node| format!("{} {}", node.package.name, node.package.version))
        .collect();
    let mut what = fields.message.clone();
    if !versions.is_empty() {
        what = format!("{what}: {}", versions.join(", "));
    } else if let Some(label) = label {
        what = format!("{what}: {}", label.span.trim());
    }
    match fields.code.as_str() {
        "unused-workspace-dependency" => {
            Fault::new("Cargo.toml", line, what, "take it out of [workspace.dependencies]")
        }
        "workspace-duplicate" => {
            let name = label.map_or("", |label| label.span.as_str());
            let what = format!("not every package takes {name} from [workspace.dependencies]");
            Fault::new("Cargo.toml", line, what, format!("write `{name}.workspace = true`"))
        }
        code if STRICT.contains(&code) => {
            Fault::new(SETTINGS, line, what, "take out what nothing needs any more")
        }
        _ => {
            let refused: Vec<_> = fields
                .labels
                .iter()
                .filter(|label| label.message.starts_with("rejected"))
                .map(|label| label.span.as_str())
                .collect();
            if !refused.is_empty() {
                what = format!("{what} ({})", refused.join(", "));
            }
            Fault::new("Cargo.lock", line_in_lock(tree, fields), what, remedy)
        }
    }
}

/// Where the lock file names the package that is spoken of.
fn line_in_lock(tree: &Tree, fields: &Fields) -> usize {
    let lock = tree.file("Cargo.lock").map_or("", |file| file.text.as_str());
    let Some(node) = fields.graphs.first() else { return 1 };
    let name = format!("name = \"{}\"", node.package.name);
    let version = format!("version = \"{}\"", node.package.version);
    let lines: Vec<_> = lock.lines().collect();
    let pair = lines.windows(2).position(|pair| pair[0] == name && pair[1] == version);
    pair.map_or(1, |line| line + 1)
}

/// A workspace of two packages for the tests of the rules that ask cargo-deny; none where that is
/// not installed. `CAVUER_TEST_TOOLS=1` says that it has to be.
#[cfg(test)]
pub(super) fn workspace(
    settings: &str,
    files: &[(&str, &str)],
) -> Option<(tempfile::TempDir, Tree)> {
    use std::fs;

    use crate::setup;

    if !setup::has_tool_for_test("cargo-deny") {
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files.iter().chain(&[(SETTINGS, settings)]) {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let mut lock = cargo();
    lock.current_dir(folder.path()).args(["generate-lockfile", "--offline", "--quiet"]);
    crate::process::run_quietly(&mut lock).unwrap();
    let tree = Tree::load(folder.path()).unwrap();
    Some((folder, tree))
}
