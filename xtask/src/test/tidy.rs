//! What holds for all of the source; each rule is a test.

use anyhow::Result;

use super::counts::Counts;
use crate::tidy;

/// Checks every rule.
pub(super) fn test() -> Result<Counts> {
    let counts = tidy::examine_all()?.into_iter().map(|verdict| match verdict.faults {
        0 => Counts::one_pass(),
        _ => Counts::one_failure(),
    });
    Ok(counts.sum())
}
