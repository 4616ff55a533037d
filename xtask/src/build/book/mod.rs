//! The documentation as pages of the server, so that the console can link to what is true of this
//! very version, also where nothing else can be reached.
//!
//! `mdbook build docs` makes a site of the same pages. Its pages run inline scripts, which no page
//! of the server may: so these are made here, and need none.

mod page;
mod summary;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::dist::Dist;
use super::esbuild;
use crate::paths;
use page::Frame;
use summary::Summary;

/// Adds every page of the book, below `docs/`.
///
/// # Errors
/// If the summary and the folder do not have the same pages, or a page is not as [`Frame::page`]
/// wants it.
pub(super) fn add(dist: &mut Dist) -> Result<()> {
    let root = paths::root();
    let mut texts = BTreeMap::new();
    read_pages(&root.join("docs/src"), "", &mut texts)?;
    let summary = texts.remove("SUMMARY.md").context("docs/src/SUMMARY.md is not there")?;
    let summary = Summary::parse(&summary)?;
    if let Some(lost) = texts.keys().find(|source| summary.of_source(source).is_none()) {
        bail!("docs/src/SUMMARY.md does not name {lost}");
    }
    let styles = ["assets/tokens.css", "assets/skip-link.css", "docs/book.css"]
        .map(|style| root.join(style));
    let icon = fs::read(root.join("console/icon.svg"))?;
    let frame = Frame {
        summary: &summary,
        texts: &texts,
        style: dist.add_hashed("book", "css", &esbuild::bundle_styles(&styles)?)?,
        icon: dist.add_hashed("icon", "svg", &icon)?,
    };
    for (place, chapter) in summary.chapters.iter().enumerate() {
        let page = frame.page(place).with_context(|| format!("in docs/src/{}", chapter.source))?;
        dist.add(&chapter.file(), page.as_bytes())?;
    }
    dist.add("docs/404.html", frame.missing().as_bytes())
}

/// Reads all Markdown below a folder, by its path from where the book begins.
fn read_pages(folder: &Path, above: &str, texts: &mut BTreeMap<String, String>) -> Result<()> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            read_pages(&path, &format!("{above}{name}/"), texts)?;
        } else if name.ends_with(".md") {
            let text = fs::read_to_string(&path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            texts.insert(format!("{above}{name}"), text);
        }
    }
    Ok(())
}
