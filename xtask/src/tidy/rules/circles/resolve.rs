//! Where paths lead.

use std::collections::BTreeSet;

use super::modules::{Crate, ModuleId};
use crate::tidy::rules::paths::Path;

/// Re-exports that are followed from one to the next. Imports in a ring would never end.
const FARTHEST: usize = 32;

impl Crate<'_> {
    /// All modules that a path of `module` leads through, the one that defines its name among
    /// them. None for paths into other crates.
    pub(super) fn reached(&self, module: ModuleId, path: &Path) -> Vec<ModuleId> {
        let mut walk = Walk { krate: self, reached: Vec::new(), left: FARTHEST };
        walk.follow(module, &path.segments);
        walk.reached
    }
}

/// A path on its way.
struct Walk<'c, 't> {
    krate: &'c Crate<'t>,
    reached: Vec<ModuleId>,
    /// Re-exports that may still be followed.
    left: usize,
}

impl Walk<'_, '_> {
    /// Follows a path from the module in which it is written; returns the module in which it ends.
    fn follow(&mut self, module: ModuleId, segments: &[String]) -> Option<ModuleId> {
        let (first, rest) = segments.split_first()?;
        let start = match first.as_str() {
            "crate" => 0,
            "self" => module,
            "super" => self.krate.modules[module].parent?,
            _ => return self.step(module, segments),
        };
        let above = rest.iter().take_while(|segment| *segment == "super").count();
        let start = (0..above).try_fold(start, |at, _| self.krate.modules[at].parent)?;
        self.reached.push(start);
        self.step(start, &rest[above..]).or(Some(start))
    }

    /// Follows names from inside of a module.
    fn step(&mut self, module: ModuleId, segments: &[String]) -> Option<ModuleId> {
        let Some((name, rest)) = segments.split_first() else { return Some(module) };
        let here = &self.krate.modules[module];
        if let Some(child) = here.children.get(name) {
            self.reached.push(*child);
            return self.step(*child, rest).or(Some(*child));
        }
        if let Some(import) = here.imports.iter().find(|one| one.name.as_ref() == Some(name)) {
            self.left = self.left.checked_sub(1)?;
            // `use name;` would lead back to itself.
            let is_itself = import.path.segments.first() == Some(name);
            let path = [import.path.segments.as_slice(), rest].concat();
            return if is_itself { None } else { self.follow(module, &path) };
        }
        if here.items.contains(name) {
            return Some(module);
        }
        let mut way = self.through_globs(module, name, &mut BTreeSet::new())?;
        let target = *way.last()?;
        self.reached.append(&mut way);
        self.step(target, segments)
    }

    /// The modules through which imports of everything lead to one that has the name, itself last.
    fn through_globs(
        &self,
        module: ModuleId,
        name: &String,
        seen: &mut BTreeSet<ModuleId>,
    ) -> Option<Vec<ModuleId>> {
        if !seen.insert(module) {
            return None;
        }
        let imports = &self.krate.modules[module].imports;
        imports.iter().filter(|import| import.name.is_none()).find_map(|glob| {
            let mut way = self.plain(module, &glob.path.segments)?;
            let target = *way.last()?;
            if target == module {
                return None;
            }
            if !self.offers(target, name) {
                way.extend(self.through_globs(target, name, seen)?);
            }
            Some(way)
        })
    }

    /// The modules on the way of a path that needs no import to be found.
    fn plain(&self, module: ModuleId, segments: &[String]) -> Option<Vec<ModuleId>> {
        let modules = &self.krate.modules;
        let mut way = Vec::new();
        let mut at = module;
        for (place, segment) in segments.iter().enumerate() {
            at = match segment.as_str() {
                "crate" if place == 0 => 0,
                "self" if place == 0 => module,
                "super" => modules[at].parent?,
                name => *modules[at].children.get(name)?,
            };
            way.push(at);
        }
        Some(way)
    }

    /// Whether a module has something of this name.
    fn offers(&self, module: ModuleId, name: &String) -> bool {
        let module = &self.krate.modules[module];
        module.children.contains_key(name)
            || module.items.contains(name)
            || module.imports.iter().any(|import| import.name.as_ref() == Some(name))
    }
}
