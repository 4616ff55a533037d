//! `cargo xtask test`: every check and every test, and one line that sums them up.

mod browser;
mod checks;
mod counts;
mod fuzz;
mod rust;
mod tidy;
mod wasm;

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::step::seconds;
use counts::Counts;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Run only these
    #[arg(long, value_enum, num_args = 1.., value_name = "NAME")]
    only: Vec<Suite>,
}

/// What can be run by itself.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Suite {
    /// The source is formatted
    Format,
    /// Clippy has nothing to say
    Clippy,
    /// The rules that no compiler checks
    Tidy,
    /// Unit tests, and API tests on a real server
    Rust,
    /// Tests of widget and console in a browser's WebAssembly
    Wasm,
    /// What people do, in a real browser
    Browser,
    /// What a fuzzer makes up
    Fuzz,
}

/// How a suite ended.
struct Outcome {
    suite: Suite,
    counts: Counts,
    took: Duration,
}

/// Runs the suites, all of them even when one fails, and fails if anything failed.
pub(crate) fn test(options: Options) -> Result<()> {
    let suites = Suite::value_variants()
        .iter()
        .filter(|suite| options.only.is_empty() || options.only.contains(suite));
    let outcomes: Vec<_> = suites.map(|suite| run(*suite)).collect();

    println!("\n{:<10}{:>8}{:>8}{:>9}  time", "suite", "passed", "failed", "skipped");
    for Outcome { suite, counts, took } in &outcomes {
        println!(
            "{:<10}{:>8}{:>8}{:>9}  {}",
            name(*suite),
            counts.passed,
            counts.failed,
            counts.skipped,
            seconds(*took)
        );
    }
    let total: Counts = outcomes.iter().map(|outcome| outcome.counts).sum();
    println!("\n{total}");
    if total.failed > 0 {
        bail!("{} failed", total.failed);
    }
    Ok(())
}

fn run(suite: Suite) -> Outcome {
    println!("\n━━ {} ━━", name(suite));
    #[expect(clippy::disallowed_methods, reason = "people are told how long a step took")]
    let start = Instant::now();
    let counts = match suite {
        Suite::Format => checks::format(),
        Suite::Clippy => checks::clippy(),
        Suite::Tidy => tidy::test(),
        Suite::Rust => rust::test(),
        Suite::Wasm => wasm::test(),
        Suite::Browser => browser::test(),
        Suite::Fuzz => fuzz::test(),
    };
    let counts = counts.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        Counts::one_failure()
    });
    let counts = if counts.ran() == 0 {
        eprintln!("error: the suite {} ran no test", name(suite));
        Counts::one_failure()
    } else {
        counts
    };
    Outcome { suite, counts, took: start.elapsed() }
}

fn name(suite: Suite) -> String {
    let value = suite.to_possible_value().expect("no suite is hidden");
    value.get_name().to_owned()
}
