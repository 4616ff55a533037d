//! `cargo xtask tidy`: what holds for all of the source, and no compiler checks.

mod allowance;
mod crates;
mod deny;
mod fault;
mod manifest;
mod rules;
mod source;
mod tree;

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::paths;
use crate::setup;
use crate::step::step;
use fault::Fault;
use tree::Tree;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Check only these
    #[arg(long, value_enum, num_args = 1.., value_name = "RULE")]
    only: Vec<Rule>,
}

/// What has to hold.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Rule {
    /// Each crate uses only crates before it
    Layers,
    /// Neither crates nor modules use each other in a circle
    Circles,
    /// Only the store knows SQL and the database's driver
    Sql,
    /// The store names neither what clients ask nor what they are answered
    Answers,
    /// Only the crate of routes and the binary know the web server
    Http,
    /// Text never becomes HTML by string
    Html,
    /// What the server says to people is a notice
    Sentences,
    /// A type that others see has a name of its own
    Names,
    /// Every dependency is used
    Unused,
    /// Every licence is one that we take
    Licences,
    /// Two versions of one crate have a reason
    Duplicates,
    /// The migrations have no gap and all run
    Migrations,
    /// Long files have a reason
    LongFiles,
    /// Nothing is half done, commented out or switched off
    Unfinished,
    /// Links of documents lead to files
    FileLinks,
    /// Links in the documentation of the code lead somewhere
    Docs,
}

/// What a rule said.
pub(crate) struct Verdict {
    pub faults: usize,
}

/// Checks the rules that were asked for, and fails if any of them is broken.
pub(crate) fn tidy(options: Options) -> Result<()> {
    let rules = if options.only.is_empty() { Rule::value_variants() } else { &options.only };
    let faults: usize = examine(rules)?.iter().map(|verdict| verdict.faults).sum();
    if faults > 0 {
        bail!("{faults} {}", if faults == 1 { "fault" } else { "faults" });
    }
    println!("\nnothing to mend");
    Ok(())
}

/// Checks all rules; each is one test.
pub(crate) fn examine_all() -> Result<Vec<Verdict>> {
    examine(Rule::value_variants())
}

fn examine(rules: &[Rule]) -> Result<Vec<Verdict>> {
    if rules.iter().any(|rule| rule.needs_tools()) {
        setup::for_tidying()?;
    }
    let tree = step("Reading the source", || Tree::load(paths::root()))?;
    Ok(rules.iter().map(|rule| rule.examine(&tree)).collect())
}

impl Rule {
    /// Checks the rule and prints what is wrong.
    fn examine(self, tree: &Tree) -> Verdict {
        let value = self.to_possible_value().expect("no rule is hidden");
        let help = value.get_help().map(ToString::to_string).unwrap_or_default();
        let mut found = 0;
        let checked = step(&format!("{}: {help}", value.get_name()), || {
            let mut faults = self.check(tree)?;
            faults.sort();
            faults.dedup();
            found = faults.len();
            for fault in &faults {
                println!("{fault}");
            }
            if found > 0 {
                bail!("{}: {found} to mend", value.get_name());
            }
            Ok(())
        });
        if let Err(error) = checked {
            eprintln!("error: {error:#}");
            found = found.max(1);
        }
        Verdict { faults: found }
    }

    fn check(self, tree: &Tree) -> Result<Vec<Fault>> {
        match self {
            Self::Layers => rules::layers::check(tree),
            Self::Circles => rules::circles::check(tree),
            Self::Sql => rules::sql::check(tree),
            Self::Answers => rules::answers::check(tree),
            Self::Http => rules::http::check(tree),
            Self::Html => rules::html::check(tree),
            Self::Sentences => rules::sentences::check(tree),
            Self::Names => rules::names::check(tree),
            Self::Unused => rules::unused::check(tree),
            Self::Licences => rules::licences::check(tree),
            Self::Duplicates => rules::duplicates::check(tree),
            Self::Migrations => rules::migrations::check(tree),
            Self::LongFiles => rules::long_files::check(tree),
            Self::Unfinished => rules::unfinished::check(tree),
            Self::FileLinks => rules::file_links::check(tree),
            Self::Docs => rules::docs::check(tree),
        }
    }

    /// Whether the rule asks a program that has to be installed.
    fn needs_tools(self) -> bool {
        matches!(self, Self::Unused | Self::Licences | Self::Duplicates)
    }
}
