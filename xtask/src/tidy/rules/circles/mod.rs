//! No circles: not among crates, not among the rooms of a crate, not among the modules of a room.
//!
//! A module depends on another one if a path in it leads there or leads through it, be it in an
//! import, in code, in a macro or in an attribute's text. Paths are followed through re-exports to
//! the module that defines the name. What a module and those inside of it need of each other is
//! their own affair; modules that lie beside each other must not form a circle, with all that lies
//! in them. Code that is only compiled for tests does not count.

mod graph;
mod modules;
mod resolve;

use std::collections::BTreeMap;

use anyhow::Result;

use crate::tidy::fault::Fault;
use crate::tidy::manifest::{Package, packages};
use crate::tidy::source::Language;
use crate::tidy::tree::Tree;
use graph::Graph;
use modules::{Crate, ModuleId};

/// What to do about a circle of modules.
const REMEDY: &str = "move what they share into a module below them, or pass it in";

/// A use of one module by another.
#[derive(Clone)]
struct Place {
    path: String,
    line: usize,
}

pub(crate) fn check(tree: &Tree) -> Result<Vec<Fault>> {
    let packages = packages(tree)?;
    let mut faults = among_crates(&packages);
    for package in &packages {
        let roots = roots(tree, package, &packages);
        for root in &roots {
            faults.extend(within(&Crate::read(tree, root)));
        }
    }
    Ok(faults)
}

/// Circles of packages, which Cargo allows as long as one link is for tests only.
fn among_crates(packages: &[Package<'_>]) -> Vec<Fault> {
    let mut graph = Graph::default();
    for package in packages {
        for dependency in &package.dependencies {
            let other = packages.iter().position(|other| other.name == dependency.package);
            let own = packages.iter().position(|other| other.name == package.name);
            if let (Some(own), Some(other)) = (own, other) {
                let path = package.manifest.path.clone();
                graph.add(own, other, Place { path, line: dependency.line });
            }
        }
    }
    let name = |package: usize| packages[package].name.clone();
    let remedy = "move what both need into a crate before them";
    graph.circles().iter().map(|circle| fault(circle, name, "crates", remedy)).collect()
}

/// Circles among the modules of one crate that lie beside each other.
fn within(krate: &Crate<'_>) -> Vec<Fault> {
    let mut graphs: BTreeMap<ModuleId, Graph<Place>> = BTreeMap::new();
    for (module, used) in krate.uses() {
        for target in krate.reached(module, used) {
            if let Some((parent, from, to)) = krate.siblings(module, target) {
                let path = krate.file(module).to_owned();
                graphs.entry(parent).or_default().add(from, to, Place { path, line: used.line });
            }
        }
    }
    let name = |module: ModuleId| krate.name(module);
    let circles = graphs.values().flat_map(Graph::circles);
    circles.map(|circle| fault(&circle, name, "modules", REMEDY)).collect()
}

/// Tells of a circle once, where its first link is.
fn fault(
    circle: &graph::Circle<Place>,
    name: impl Fn(usize) -> String,
    what: &str,
    remedy: &str,
) -> Fault {
    let links: Vec<_> = circle
        .links
        .iter()
        .map(|(from, to, place)| {
            format!("{} uses {} ({}:{})", name(*from), name(*to), place.path, place.line)
        })
        .collect();
    let (_, _, first) = &circle.links[0];
    let members = match circle.members.len() - circle.links.len() {
        0 => String::new(),
        others => {
            let all: Vec<_> = circle.members.iter().map(|member| name(*member)).collect();
            format!(" ({others} more are in circles with them: all of {})", all.join(", "))
        }
    };
    let what = format!("a circle of {what}: {}{members}", links.join(", "));
    Fault::new(&first.path, first.line, what, remedy)
}

/// The files with which the package's crates begin.
fn roots(tree: &Tree, package: &Package<'_>, packages: &[Package<'_>]) -> Vec<String> {
    let usual = |path: &str| {
        let parts: Vec<_> = path.split('/').collect();
        match parts.as_slice() {
            ["src", "lib.rs" | "main.rs"] => true,
            ["src", "bin", name] | ["tests" | "examples" | "benches", name] => {
                name.ends_with(".rs")
            }
            ["src", "bin", _, name] | ["tests" | "examples" | "benches", _, name] => {
                *name == "main.rs"
            }
            _ => false,
        }
    };
    tree.written_in(Language::Rust)
        .filter(|file| package.owns(file, packages))
        .filter(|file| {
            let inside = file.path[package.folder.len()..].trim_start_matches('/');
            usual(inside) || package.roots.contains(&file.path)
        })
        .map(|file| file.path.clone())
        .collect()
}

#[cfg(test)]
mod tests;
