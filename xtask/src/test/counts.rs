//! How many tests passed and failed, as the runners tell it.

use std::fmt;
use std::iter::Sum;
use std::ops::Add;

/// Numbers of tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
}

impl Counts {
    /// A check that is no suite of tests, or a suite that could not run.
    pub(super) fn one_failure() -> Self {
        Self { failed: 1, ..Self::default() }
    }

    /// A check that is no suite of tests.
    pub(super) fn one_pass() -> Self {
        Self { passed: 1, ..Self::default() }
    }

    /// How many tests were run.
    pub(super) fn ran(&self) -> u64 {
        self.passed + self.failed
    }

    /// Reads a closing line of Rust's test harness:
    /// `test result: ok. 5 passed; 0 failed; 1 ignored; …`.
    pub(super) fn from_harness_line(line: &str) -> Option<Self> {
        let (_, counts) = line.trim().strip_prefix("test result: ")?.split_once(". ")?;
        let count = |what: &str| {
            counts.split(';').find_map(|part| {
                let (number, name) = part.trim().split_once(' ')?;
                (name == what).then(|| number.parse().ok()).flatten()
            })
        };
        Some(Self {
            passed: count("passed")?,
            failed: count("failed")?,
            skipped: count("ignored").unwrap_or(0),
        })
    }
}

impl Add for Counts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

impl Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), Self::add)
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_harness_line_is_read() {
        let line = "test result: FAILED. 5 passed; 2 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.05s";
        let counts = Counts { passed: 5, failed: 2, skipped: 1 };
        assert_eq!(Counts::from_harness_line(line), Some(counts));
        assert_eq!(Counts::from_harness_line("test result"), None);
        assert_eq!(Counts::from_harness_line("running 5 tests"), None);
    }

    #[test]
    fn the_closing_line_names_skipped_tests_only_if_there_are_any() {
        assert_eq!(Counts::one_pass().to_string(), "1 passed, 0 failed");
        let skipping = Counts { skipped: 2, ..Counts::one_pass() };
        assert_eq!(skipping.to_string(), "1 passed, 0 failed, 2 skipped");
    }
}
