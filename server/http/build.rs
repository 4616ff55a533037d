//! Makes sure that there is a folder to embed.

use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), env::VarError> {
    println!("cargo::rerun-if-changed=build.rs");
    let manifest_dir = env::var("CARGO_MANIFEST_DIR")?;
    let dist = Path::new(&manifest_dir).join("../../target/dist");
    let manifest = dist.join("manifest.json");
    if env::var("PROFILE").as_deref() == Ok("release") {
        // Embedded files are part of the program, which therefore changes with them.
        println!("cargo::rerun-if-changed={}", manifest.display());
        if !manifest.exists() {
            println!(
                "cargo::error=widget and console are not built: run `cargo xtask build --release`"
            );
        }
    } else if let Err(error) = fs::create_dir_all(&dist) {
        // A development build reads the folder at run time, but notes at compile time where it is.
        println!("cargo::error=cannot make {}: {error}", dist.display());
    }
    Ok(())
}
