//! What the host page feels: measured by `tests/browser/bench.mjs` in Chromium.

use std::error::Error;
use std::path::Path;
use std::process::Command;

/// Runs the script, which prints its own table.
pub(crate) fn measure() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser");
    let status = Command::new("node").arg("bench.mjs").current_dir(folder).status()?;
    if status.success() { Ok(()) } else { Err("the page benchmark did not finish".into()) }
}
