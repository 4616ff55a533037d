//! `cargo xtask size`: what a host page downloads, held against the budget.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::build::Manifest;
use crate::paths;

/// The most bytes that may cross the network, compressed by brotli.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Budget {
    /// Most bytes per file, by its name in [`downloads`].
    files: BTreeMap<String, u64>,
    /// Everything before the visitor clicks the bubble.
    before_click: u64,
    /// Everything that a chat needs.
    chat: u64,
}

/// One file on its way to the page.
struct Download {
    name: &'static str,
    before_click: bool,
    raw: u64,
    gzip: u64,
    brotli: u64,
}

/// Prints the sizes and fails above the budget.
pub(crate) fn size() -> Result<()> {
    let budget = paths::root().join("xtask/size-budget.json");
    let budget: Budget = serde_json::from_slice(&fs::read(&budget)?)
        .with_context(|| format!("cannot understand {}", budget.display()))?;
    let downloads = downloads()?;
    print_table(&downloads);
    let excesses = excesses(&downloads, &budget);
    if !excesses.is_empty() {
        bail!("over the budget of xtask/size-budget.json:\n  {}", excesses.join("\n  "));
    }
    println!("within the budget of xtask/size-budget.json");
    Ok(())
}

/// The files in the order in which a page fetches them. The configuration of the channel comes
/// between the first two; the server makes it for each channel, so it is no file.
fn downloads() -> Result<Vec<Download>> {
    let dist = paths::dist();
    let manifest = fs::read(dist.join("manifest.json"))
        .context("nothing is built: run `cargo xtask build` first")?;
    let manifest: Manifest = serde_json::from_slice(&manifest)?;
    [
        ("embed.js", true, "/embed.js"),
        ("widget script", false, manifest.widget_script.as_str()),
        ("widget wasm", false, manifest.widget_wasm.as_str()),
    ]
    .into_iter()
    .map(|(name, before_click, path)| {
        let file = dist.join(path.trim_start_matches('/'));
        Ok(Download {
            name,
            before_click,
            raw: bytes(&file, "")?,
            gzip: bytes(&file, ".gz")?,
            brotli: bytes(&file, ".br")?,
        })
    })
    .collect()
}

fn bytes(file: &Path, suffix: &str) -> Result<u64> {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    let metadata = fs::metadata(&name)
        .with_context(|| format!("{} is missing", Path::new(&name).display()))?;
    Ok(metadata.len())
}

fn print_table(downloads: &[Download]) {
    println!("{:<24}{:>10}{:>10}{:>10}", "file", "raw", "gzip", "brotli");
    for file in downloads {
        println!("{:<24}{:>10}{:>10}{:>10}", file.name, file.raw, file.gzip, file.brotli);
    }
    let total = |size: fn(&Download) -> u64| downloads.iter().map(size).sum::<u64>();
    println!(
        "{:<24}{:>10}{:>10}{:>10}",
        "all",
        total(|file| file.raw),
        total(|file| file.gzip),
        total(|file| file.brotli)
    );
    println!(
        "(after embed.js the page also fetches the channel's configuration, made by the server)"
    );
}

/// A line for everything that is too large.
fn excesses(downloads: &[Download], budget: &Budget) -> Vec<String> {
    let sum = |files: &mut dyn Iterator<Item = &Download>| files.map(|file| file.brotli).sum();
    let totals = [
        (
            "everything before the click",
            sum(&mut downloads.iter().filter(|file| file.before_click)),
            Some(budget.before_click),
        ),
        ("a usable chat", sum(&mut downloads.iter()), Some(budget.chat)),
    ];
    downloads
        .iter()
        .map(|file| (file.name, file.brotli, budget.files.get(file.name).copied()))
        .chain(totals)
        .filter_map(|(name, size, limit)| {
            let limit = limit.filter(|limit| size > *limit)?;
            let excess = size - limit;
            Some(format!("{name} is {size} bytes, {excess} more than {limit}"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn download(name: &'static str, before_click: bool, brotli: u64) -> Download {
        Download { name, before_click, raw: brotli * 3, gzip: brotli * 2, brotli }
    }

    #[test]
    fn the_budget_names_what_is_too_large() {
        let budget = Budget {
            files: BTreeMap::from([("embed.js".to_owned(), 3_000)]),
            before_click: 4_000,
            chat: 80_000,
        };
        let fitting = [download("embed.js", true, 3_000), download("widget wasm", false, 77_000)];
        assert!(excesses(&fitting, &budget).is_empty());

        let large = [download("embed.js", true, 3_001), download("widget wasm", false, 77_000)];
        assert_eq!(
            excesses(&large, &budget),
            [
                "embed.js is 3001 bytes, 1 more than 3000",
                "a usable chat is 80001 bytes, 1 more than 80000"
            ]
        );
    }
}
