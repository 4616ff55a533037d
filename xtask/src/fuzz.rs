//! `cargo xtask fuzz`: inputs made up by libFuzzer, thrown at what reads strangers' bytes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::cargo::{self, cargo};
use crate::paths;
use crate::process;
use crate::setup;
use crate::step::step;

/// Seconds after which one input counts as a hang. A debug build reads the slowest of the
/// documents in the fixtures in a tenth of that.
const TIMEOUT: u32 = 20;
/// Megabytes that a target may use.
const MEMORY: u32 = 1024;
/// So that the short run, which decides about changes, tries the same inputs each time.
const SEED: u32 = 1;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Fuzz only this
    #[arg(value_enum)]
    target: Option<Target>,
    /// Look for new inputs for so long, instead of trying the usual ones
    #[arg(long)]
    seconds: Option<u32>,
}

/// What is fuzzed; see `tests/fuzz/README.md`.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Target {
    AllowedDomains,
    Events,
    Extraction,
    RichText,
}

/// How long a target runs.
#[derive(Clone, Copy)]
pub(crate) enum Length {
    /// As many inputs as take a few seconds, always the same.
    Short,
    Seconds(u32),
}

/// Runs the targets that were asked for.
pub(crate) fn fuzz(options: Options) -> Result<()> {
    build()?;
    let length = options.seconds.map_or(Length::Short, Length::Seconds);
    Target::value_variants()
        .iter()
        .filter(|target| options.target.is_none_or(|wanted| wanted == **target))
        .try_for_each(|target| target.run(length))
}

/// Makes sure that there is a cargo-fuzz, and compiles all targets with it.
pub(crate) fn build() -> Result<()> {
    setup::for_fuzzing()?;
    step("Compiling the fuzz targets", || cargo::build("fuzz", &mut cargo_fuzz("build", None)))
}

impl Target {
    /// Runs it; fails if an input breaks what has to hold, hangs or takes too much memory.
    pub(crate) fn run(self, length: Length) -> Result<()> {
        let name = self.name();
        let corpus = folder("corpus", &name)?;
        let artifacts = folder("artifacts", &name)?;
        step(&format!("Fuzzing {name}"), || {
            let mut command = cargo_fuzz("run", Some(&name));
            command.arg(&corpus).args(self.seeds()).arg("--");
            command
                .arg(format!("-timeout={TIMEOUT}"))
                .arg(format!("-rss_limit_mb={MEMORY}"))
                .arg(format!("-artifact_prefix={}/", artifacts.display()))
                .args(["-print_final_stats=1", "-print_funcs=0", "-verbosity=0"]);
            match length {
                // An empty corpus, because what an earlier run left would change what is tried.
                Length::Short => {
                    fs::remove_dir_all(&corpus)?;
                    fs::create_dir_all(&corpus)?;
                    command.arg(format!("-runs={}", self.short_runs()));
                    command.arg(format!("-seed={SEED}"));
                    // In the midst of all tests, what the fuzzer says matters only if it found something.
                    process::run_quietly(&mut command).map(drop)
                }
                Length::Seconds(seconds) => {
                    process::run(command.arg(format!("-max_total_time={seconds}")))
                }
            }
        })
    }

    fn name(self) -> String {
        let value = self.to_possible_value().expect("no target is hidden");
        value.get_name().to_owned()
    }

    /// How many inputs take a few seconds.
    fn short_runs(self) -> u32 {
        match self {
            Self::AllowedDomains | Self::RichText => 20_000,
            Self::Events => 50_000,
            Self::Extraction => 500,
        }
    }

    /// Inputs to begin with.
    fn seeds(self) -> Vec<PathBuf> {
        let fixtures = paths::root().join("tests/fixtures");
        match self {
            Self::Extraction => vec![fixtures.join("documents"), fixtures.join("hostile")],
            Self::AllowedDomains | Self::Events | Self::RichText => Vec::new(),
        }
    }
}

/// A command of cargo-fuzz. Without a sanitizer: our own code has no `unsafe`, and so the stable
/// compiler will do.
fn cargo_fuzz(verb: &str, target: Option<&str>) -> Command {
    let mut command = cargo();
    command.args(["fuzz", verb, "--dev", "--sanitizer", "none"]);
    command.arg("--fuzz-dir").arg(Path::new("tests").join("fuzz"));
    command.arg("--target-dir").arg(work_folder().join("build"));
    command.args(target);
    command
}

fn folder(kind: &str, target: &str) -> Result<PathBuf> {
    let folder = work_folder().join(kind).join(target);
    fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    Ok(folder)
}

fn work_folder() -> PathBuf {
    paths::target().join("fuzz")
}
