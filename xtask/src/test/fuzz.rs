//! What a fuzzer makes up, for a few seconds a target.

use anyhow::Result;
use clap::ValueEnum;

use super::counts::Counts;
use crate::fuzz::{self, Length, Target};

/// Compiles the targets and runs each of them.
pub(super) fn test() -> Result<Counts> {
    fuzz::build()?;
    let counts = Target::value_variants().iter().map(|target| match target.run(Length::Short) {
        Ok(()) => Counts::one_pass(),
        Err(error) => {
            eprintln!("error: {error:#}");
            Counts::one_failure()
        }
    });
    Ok(counts.sum())
}
