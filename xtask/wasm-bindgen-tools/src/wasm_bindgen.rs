//! wasm-bindgen's own program, for Trunk.
//!
//! Taken as a library it is pinned by `Cargo.lock`, always matches the macros, and shares its
//! compiled dependencies with xtask.

fn main() -> anyhow::Result<()> {
    wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(std::env::args_os())
}
