//! The modules of a crate: what lies in which, what each imports, defines and names.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::tidy::rules::paths::{self, Import, Path};
use crate::tidy::source::Source;
use crate::tidy::tree::Tree;

/// The number of a module in its crate; the crate itself is the first.
pub(super) type ModuleId = usize;

/// All modules of one crate.
pub(super) struct Crate<'t> {
    tree: &'t Tree,
    pub(super) modules: Vec<Module>,
}

/// One module, in a file of its own or in another one's.
pub(super) struct Module {
    name: String,
    pub(super) parent: Option<ModuleId>,
    /// The file's path.
    file: String,
    /// Where its modules lie.
    folder: String,
    pub(super) children: BTreeMap<String, ModuleId>,
    pub(super) imports: Vec<Import>,
    /// Names of what is defined right here.
    pub(super) items: BTreeSet<String>,
    uses: Vec<Path>,
    /// Types that are named without a path. Only where everything is imported from somewhere, they
    /// may be another module's.
    lone_types: Vec<Path>,
}

impl<'t> Crate<'t> {
    /// Follows the `mod` lines from the crate's first file.
    pub(super) fn read(tree: &'t Tree, root: &str) -> Self {
        let mut krate = Self { tree, modules: Vec::new() };
        let folder = folder_of(root);
        let module = krate.add("crate", None, root, folder);
        krate.read_file(module);
        krate
    }

    /// Every path of every module.
    pub(super) fn uses(&self) -> impl Iterator<Item = (ModuleId, &Path)> {
        self.modules.iter().enumerate().flat_map(|(id, module)| {
            let imports = module.imports.iter().map(|import| &import.path);
            let has_globs = module.imports.iter().any(|import| import.name.is_none());
            let lone_types = module.lone_types.iter().filter(move |_| has_globs);
            imports.chain(&module.uses).chain(lone_types).map(move |path| (id, path))
        })
    }

    /// The module's path from the crate's root.
    pub(super) fn name(&self, module: ModuleId) -> String {
        let module = &self.modules[module];
        match module.parent {
            Some(parent) if parent > 0 => format!("{}::{}", self.name(parent), module.name),
            _ => module.name.clone(),
        }
    }

    pub(super) fn file(&self, module: ModuleId) -> &str {
        &self.modules[module].file
    }

    /// The innermost module that holds both, and the two of its own modules in which they lie;
    /// none if one lies in the other.
    pub(super) fn siblings(
        &self,
        one: ModuleId,
        other: ModuleId,
    ) -> Option<(ModuleId, ModuleId, ModuleId)> {
        let (ones, others) = (self.way_to(one), self.way_to(other));
        let shared = ones.iter().zip(&others).take_while(|(one, other)| one == other).count();
        Some((ones[shared - 1], *ones.get(shared)?, *others.get(shared)?))
    }

    fn way_to(&self, module: ModuleId) -> Vec<ModuleId> {
        let parents = std::iter::successors(Some(module), |module| self.modules[*module].parent);
        let mut all: Vec<_> = parents.collect();
        all.reverse();
        all
    }

    fn add(
        &mut self,
        name: &str,
        parent: Option<ModuleId>,
        file: &str,
        folder: String,
    ) -> ModuleId {
        self.modules.push(Module {
            name: name.to_owned(),
            parent,
            file: file.to_owned(),
            folder,
            children: BTreeMap::new(),
            imports: Vec::new(),
            items: BTreeSet::new(),
            uses: Vec::new(),
            lone_types: Vec::new(),
        });
        self.modules.len() - 1
    }

    fn read_file(&mut self, module: ModuleId) {
        let tree = self.tree;
        if let Some(file) = tree.file(&self.modules[module].file) {
            let source = file.source();
            self.read_tokens(module, source, 0..source.tokens().len());
        }
    }

    fn read_tokens(&mut self, module: ModuleId, source: &Source, tokens: Range<usize>) {
        // The end of the outermost group that is open, so that only items of the module itself
        // count as defined by it.
        let mut group_end = 0;
        let mut place = tokens.start;
        while place < tokens.end {
            if source.is_for_tests(place) {
                place += 1;
                continue;
            }
            if let Some(end) = self.read_module(module, source, place) {
                place = end;
                continue;
            }
            if source.has(place, &["use"]) && !source.has(place + 1, &["<"]) {
                let (imports, end) = paths::imports(source, place);
                self.modules[module].imports.extend(imports);
                place = end;
                continue;
            }
            if let Some((path, end)) = paths::path(source, place) {
                self.modules[module].uses.push(path);
                place = end;
                continue;
            }
            self.modules[module].lone_types.extend(paths::lone_type(source, place));
            if let Some(path) = paths::quoted_path(source, place) {
                self.modules[module].uses.push(path);
            }
            if place >= group_end {
                let name = defined(source, place).map(str::to_owned);
                self.modules[module].items.extend(name);
                group_end = group_end.max(source.end_of_group(place));
            }
            place += 1;
        }
    }

    /// Reads the module that is declared at `place`, if one is; returns where that ends.
    fn read_module(&mut self, parent: ModuleId, source: &Source, place: usize) -> Option<usize> {
        if !source.has(place, &["mod"]) {
            return None;
        }
        let name = source.word(place + 1)?;
        let within = self.modules[parent].folder.clone();
        if source.has(place + 2, &["{"]) {
            let file = self.modules[parent].file.clone();
            let child = self.add(name, Some(parent), &file, join(&within, name));
            self.modules[parent].children.insert(name.to_owned(), child);
            let end = source.end_of_group(place + 2);
            self.read_tokens(child, source, place + 3..end);
            return Some(end + 1);
        }
        if !source.has(place + 2, &[";"]) {
            return None;
        }
        let own_file = join(&within, &format!("{name}.rs"));
        let own_folder = join(&within, &format!("{name}/mod.rs"));
        let named = path_attribute(source, place)
            .map(|path| join(&folder_of(&self.modules[parent].file), path));
        let file = [named, Some(own_file), Some(own_folder)].into_iter().flatten();
        if let Some(file) = file.into_iter().find(|file| self.tree.file(file).is_some()) {
            let child = self.add(name, Some(parent), &file, join(&within, name));
            self.modules[parent].children.insert(name.to_owned(), child);
            self.read_file(child);
        }
        Some(place + 3)
    }
}

/// What is defined at `place`.
fn defined(source: &Source, place: usize) -> Option<&str> {
    let keyword = source.word(place)?;
    let keywords = ["const", "enum", "fn", "static", "struct", "trait", "type", "union"];
    if source.has(place, &["macro_rules", "!"]) {
        return source.word(place + 2);
    }
    let name = source.word(place + 1)?;
    (keywords.contains(&keyword) && name != "fn").then_some(name)
}

/// The text of `#[path = "…"]` right before the module at `place`.
fn path_attribute(source: &Source, place: usize) -> Option<&str> {
    let start = place.checked_sub(7).map_or(0, |start| start);
    let attribute = (start..place).find(|at| source.has(*at, &["#", "[", "path", "="]))?;
    source.quoted(attribute + 4)
}

fn folder_of(file: &str) -> String {
    file.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned()
}

/// Puts a relative path on a folder.
fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<_> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        if part == ".." {
            parts.pop();
        } else if part != "." {
            parts.push(part);
        }
    }
    parts.join("/")
}
