//! PHP, for the test that runs the documentation's samples.

use anyhow::Result;

use super::apt;
use crate::process::which;

/// Finds PHP, or installs Debian's.
pub(crate) fn find_or_install() -> Result<()> {
    if which("php").is_some() { Ok(()) } else { apt::install(&["php-cli"]) }
}
