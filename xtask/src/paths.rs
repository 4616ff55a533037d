//! Where things lie.

use std::env;
use std::path::{Path, PathBuf};

/// The repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the repository")
}

/// Cargo's build folder.
pub(crate) fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}

/// What browsers download. The server embeds this folder, so it does not move with
/// `CARGO_TARGET_DIR`.
pub(crate) fn dist() -> PathBuf {
    root().join("target/dist")
}

/// The npm package that pins wasm-opt and esbuild.
pub(crate) fn tools() -> PathBuf {
    root().join("xtask/tools")
}

/// The npm package of the browser tests.
pub(crate) fn browser_tests() -> PathBuf {
    root().join("tests/browser")
}
