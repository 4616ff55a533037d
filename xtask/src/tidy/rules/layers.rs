//! Each crate uses only crates before it.

use anyhow::Result;

use crate::tidy::crates;
use crate::tidy::fault::Fault;
use crate::tidy::manifest::packages;
use crate::tidy::tree::Tree;

/// Dependencies against the order, in all sections, and packages without a place in it.
pub(crate) fn check(tree: &Tree) -> Result<Vec<Fault>> {
    let packages = packages(tree)?;
    let ours: Vec<_> = packages.iter().map(|package| package.name.as_str()).collect();
    let mut faults = Vec::new();
    for package in &packages {
        let mut report = |line, what, remedy| {
            faults.push(Fault::new(&package.manifest.path, line, what, remedy));
        };
        let (Some(usable), Some(folder)) =
            (crates::usable_by(&package.name), crates::folder_of(&package.name))
        else {
            report(
                1,
                format!("the package {} has no place in the order of crates", package.name),
                "give it one in xtask/src/tidy/crates.rs and in ARCHITECTURE.md".to_owned(),
            );
            continue;
        };
        if package.folder != folder {
            let what = format!("the package {} lies in {}", package.name, package.folder);
            report(1, what, format!("move it to {folder}, or mend xtask/src/tidy/crates.rs"));
        }
        for dependency in &package.dependencies {
            let name = dependency.package.as_str();
            if ours.contains(&name) && !usable.iter().any(|one| one.name == name) {
                let what = format!("{} uses {name}, which does not come before it", package.name);
                let remedy = "move what both need into an earlier crate, or pass it in";
                report(dependency.line, what, remedy.to_owned());
            }
        }
    }
    Ok(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(store: &str, console: &str) -> Vec<String> {
        let store = format!("[package]\nname = \"cavuer-store\"\n{store}");
        let console = format!("[package]\nname = \"cavuer-console\"\n{console}");
        let tree = Tree::of([
            ("protocol/Cargo.toml", "[package]\nname = \"cavuer-protocol\""),
            ("server/engine/Cargo.toml", "[package]\nname = \"cavuer-engine\""),
            ("server/store/Cargo.toml", &store),
            ("console/Cargo.toml", &console),
        ]);
        check(&tree).unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn crates_use_those_before_them() {
        let store = "[dependencies]\ncavuer-protocol.workspace = true\nserde = \"1\"";
        let console = "[dependencies]\ncavuer-protocol = { path = \"../protocol\" }";
        assert_eq!(faults(store, console), [""; 0]);
    }

    #[test]
    fn crates_that_come_later_are_refused_in_all_sections() {
        let store = "[dev-dependencies]\ncavuer-engine.workspace = true";
        let console = "[target.'cfg(unix)'.dependencies]\ncavuer-store.workspace = true";
        let remedy = "move what both need into an earlier crate, or pass it in";
        let expected = [
            format!(
                "console/Cargo.toml:4: cavuer-console uses cavuer-store, which does not come before it; {remedy}"
            ),
            format!(
                "server/store/Cargo.toml:4: cavuer-store uses cavuer-engine, which does not come before it; {remedy}"
            ),
        ];
        assert_eq!(faults(store, console), expected);
    }

    #[test]
    fn packages_have_a_place() {
        let tree = Tree::of([
            ("extra/Cargo.toml", "[package]\nname = \"cavuer-extra\""),
            ("server/text2/Cargo.toml", "[package]\nname = \"cavuer-text\""),
        ]);
        let faults: Vec<_> = check(&tree).unwrap().iter().map(ToString::to_string).collect();
        assert!(faults[0].starts_with("extra/Cargo.toml:1: the package cavuer-extra has no place"));
        assert!(faults[1].contains("the package cavuer-text lies in server/text2; move it to"));
    }
}
