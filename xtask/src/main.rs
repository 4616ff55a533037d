//! The project's commands. `cargo xtask help` lists them.

#![allow(clippy::expect_used, reason = "a command that cannot go on says why and ends")]

mod bench;
mod build;
mod cargo;
mod fuzz;
mod paths;
mod process;
mod run;
mod setup;
mod size;
mod stamp;
mod step;
mod test;
mod tidy;
mod trunk;

use std::process::ExitCode;

use clap::Parser;

/// The project's commands.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Command {
    /// Build everything, then serve the demo: console, demo site and an agent that answers.
    Run(run::Options),
    /// Build what browsers download into target/dist.
    Build(build::Options),
    /// Run every check and every test.
    Test(test::Options),
    /// Check the rules that no compiler checks: layers, circles, SQL, HTML, licences and more.
    Tidy(tidy::Options),
    /// Throw made-up inputs at what reads strangers' bytes.
    Fuzz(fuzz::Options),
    /// Print the size of each file that a host page downloads, and hold it against the budget.
    Size,
    /// Run the benchmarks of the release build.
    Bench(bench::Options),
    /// Run Trunk, the console's live-reload loop, with the tools it needs.
    Trunk(trunk::Options),
}

fn main() -> ExitCode {
    let done = match Command::parse() {
        Command::Run(options) => run::run(options),
        Command::Build(options) => build::build(options),
        Command::Test(options) => test::test(options),
        Command::Tidy(options) => tidy::tidy(options),
        Command::Fuzz(options) => fuzz::fuzz(options),
        Command::Size => size::size(),
        Command::Bench(options) => bench::bench(options),
        Command::Trunk(options) => trunk::trunk(options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}
