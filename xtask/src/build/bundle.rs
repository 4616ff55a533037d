//! One WASM module and one script out of a compiled crate.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::esbuild;
use super::wasm::{self, Panics};
use crate::paths;
use crate::stamp;
use crate::step::step;

/// Stands in the bundled script for the module's final name, which is known only later.
const WASM_NAME: &str = "__WASM_FILE_NAME__";

/// How the page uses the module.
pub(super) enum Entry<'a> {
    /// Somebody else loads it and calls these functions.
    Library(&'a [&'a str]),
    /// It runs by itself, and finds the WASM beside its script.
    Program,
}

impl Entry<'_> {
    /// Only the program, the console, has a panic hook.
    fn panics(&self) -> Panics {
        match self {
            Self::Library(_) => Panics::Silent,
            Self::Program => Panics::Told,
        }
    }

    fn source(&self) -> String {
        match self {
            Self::Library(exports) => {
                let exports = exports.join(", ");
                format!("export {{ default, {exports} }} from './glue.js';\n")
            }
            Self::Program => format!(
                "import init from './glue.js';\n\
                 init({{ module_or_path: new URL('{WASM_NAME}', import.meta.url) }});\n"
            ),
        }
    }
}

/// What a browser loads.
pub(super) struct Module {
    pub wasm: Vec<u8>,
    script: String,
}

impl Module {
    /// The script, told under which path the WASM lies.
    pub(super) fn script(&self, wasm_path: &str) -> Vec<u8> {
        let name = wasm_path.rsplit('/').next().unwrap_or(wasm_path);
        self.script.replace(WASM_NAME, name).into_bytes()
    }
}

/// Bundles a compiled crate; nothing is done again if nothing changed.
pub(super) fn module(name: &str, entry: Entry<'_>) -> Result<Module> {
    let compiled = wasm::compiled(name);
    let stage = paths::target().join("web-stage").join(name);
    let (optimised, script) = (stage.join("glue_bg.opt.wasm"), stage.join("script.js"));

    let stamp = stage.join("stamp");
    let digest = inputs(&compiled, &entry)?;
    if !stamp::is_fresh(&stamp, &digest) {
        let _ = fs::remove_dir_all(&stage);
        fs::create_dir_all(&stage).with_context(|| format!("cannot make {}", stage.display()))?;
        step(&format!("Making {name} small"), || {
            wasm::bind(&compiled, &stage, entry.panics())?;
            wasm::optimise(&stage.join("glue_bg.wasm"))?;
            let source = stage.join("entry.js");
            fs::write(&source, entry.source())?;
            fs::write(&script, esbuild::bundle_module(&source)?)?;
            stamp::write(&stamp, &digest)
        })?;
    }
    Ok(Module { wasm: fs::read(optimised)?, script: fs::read_to_string(script)? })
}

/// Everything that the result depends on: the crate, the tools, and this program.
fn inputs(compiled: &Path, entry: &Entry<'_>) -> Result<String> {
    let read =
        |path: &Path| fs::read(path).with_context(|| format!("cannot read {}", path.display()));
    let crate_bytes = read(compiled)?;
    let tools = read(&paths::tools().join("package-lock.json"))?;
    let program = read(&own_program()?)?;
    Ok(stamp::digest([crate_bytes.as_slice(), &tools, &program, entry.source().as_bytes()]))
}

/// Where the bytes of this program are. Not by its name where that can be helped, because Cargo
/// puts another file there when it compiles the whole workspace.
fn own_program() -> Result<PathBuf> {
    let running = Path::new("/proc/self/exe");
    if running.exists() { Ok(running.to_owned()) } else { Ok(std::env::current_exe()?) }
}
