//! What the packages' `Cargo.toml` files say.

use anyhow::{Context, Result};
use toml::{Table, Value};

use super::tree::{File, Tree};

/// One package of the repository.
pub(super) struct Package<'t> {
    pub name: String,
    /// From the root; nothing at its end.
    pub folder: &'t str,
    pub manifest: &'t File,
    pub dependencies: Vec<Dependency>,
    /// Source files that are named because they lie where Cargo would not look.
    pub roots: Vec<String>,
}

/// One line below a heading of dependencies.
pub(super) struct Dependency {
    /// The package's name, whatever it is called here.
    pub package: String,
    /// Only for tests, examples and benchmarks.
    pub for_tests: bool,
    pub line: usize,
}

/// All packages, also those of workspaces apart.
pub(super) fn packages(tree: &Tree) -> Result<Vec<Package<'_>>> {
    let manifests = tree.files().filter_map(|file| {
        let folder = file.path.strip_suffix("Cargo.toml")?.strip_suffix('/')?;
        (!folder.contains("fixtures")).then_some((folder, file))
    });
    let mut packages = Vec::new();
    for (folder, file) in manifests {
        let table: Table =
            file.text.parse().with_context(|| format!("cannot understand {}", file.path))?;
        let Some(name) = table.get("package").and_then(|package| package.get("name")) else {
            continue;
        };
        packages.push(Package {
            name: name.as_str().unwrap_or_default().to_owned(),
            folder,
            manifest: file,
            dependencies: dependencies(&table, &file.text),
            roots: roots(&table, folder),
        });
    }
    Ok(packages)
}

impl Package<'_> {
    /// Whether the file is the package's own and not one of a package inside of its folder.
    pub(super) fn owns(&self, file: &File, all: &[Package<'_>]) -> bool {
        file.is_in(self.folder)
            && !all.iter().any(|other| {
                other.folder.len() > self.folder.len()
                    && other.folder.starts_with(self.folder)
                    && file.is_in(other.folder)
            })
    }
}

fn dependencies(manifest: &Table, text: &str) -> Vec<Dependency> {
    let platforms = manifest.get("target").and_then(Value::as_table);
    let tables = std::iter::once(manifest)
        .chain(platforms.into_iter().flat_map(Table::values).filter_map(Value::as_table));
    let mut dependencies = Vec::new();
    for table in tables {
        for (heading, for_tests) in
            [("dependencies", false), ("build-dependencies", false), ("dev-dependencies", true)]
        {
            let entries = table.get(heading).and_then(Value::as_table);
            for (key, entry) in entries.into_iter().flatten() {
                let package = entry.get("package").and_then(Value::as_str).unwrap_or(key);
                dependencies.push(Dependency {
                    package: package.to_owned(),
                    for_tests,
                    line: line_of_key(text, heading, key),
                });
            }
        }
    }
    dependencies
}

/// The line where `key` stands below `heading`, or where it is a heading of its own.
fn line_of_key(text: &str, heading: &str, key: &str) -> usize {
    let mut below = false;
    for (line, content) in (1..).zip(text.lines()) {
        if let Some(title) = content.trim().strip_prefix('[') {
            let title = title.split(']').next().unwrap_or_default();
            let last = |part: &str| title == part || title.ends_with(&format!(".{part}"));
            if last(&format!("{heading}.{key}")) {
                return line;
            }
            below = last(heading);
        } else if below
            && content
                .trim_start()
                .strip_prefix(key)
                .is_some_and(|rest| rest.trim_start().starts_with(['=', '.']))
        {
            return line;
        }
    }
    1
}

fn roots(manifest: &Table, folder: &str) -> Vec<String> {
    let kinds = ["lib", "bin", "test", "example", "bench"];
    let targets = kinds
        .iter()
        .filter_map(|kind| manifest.get(*kind))
        .flat_map(|targets| targets.as_array().cloned().unwrap_or_else(|| vec![targets.clone()]));
    targets
        .filter_map(|target| Some(format!("{folder}/{}", target.get("path")?.as_str()?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_are_found_wherever_they_stand() {
        let manifest = "[package]\nname = \"a\"\n[[bin]]\npath = \"b/c.rs\"\n[dependencies]\n\
            d.workspace = true\n[dependencies.e]\nversion = \"1\"\n\
            [target.'cfg(unix)'.dependencies]\nf = { package = \"g\" }\n\
            [dev-dependencies]\nh = \"1\"\n";
        let tree = Tree::of([("x/Cargo.toml", manifest), ("Cargo.toml", "[workspace]")]);
        let packages = packages(&tree).unwrap();
        let [package] = packages.as_slice() else { panic!("one package") };
        assert_eq!((package.name.as_str(), package.folder), ("a", "x"));
        assert_eq!(package.roots, ["x/b/c.rs"]);
        let found: Vec<_> = package
            .dependencies
            .iter()
            .map(|one| (one.package.as_str(), one.for_tests, one.line))
            .collect();
        assert_eq!(found, [("d", false, 6), ("e", false, 7), ("h", true, 12), ("g", false, 10)]);
    }
}
