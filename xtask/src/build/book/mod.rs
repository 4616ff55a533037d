//! The documentation as pages of the server, so that the console can link to what is true of this
//! very version, also where nothing else can be reached.
//!
//! `mdbook build docs` makes a site of the same pages. Its pages run inline scripts, which no page
//! of the server may: so these are made here, and need none.

mod page;
mod summary;

use std::fs;

use anyhow::{Context, Result};

use super::dist::Dist;
use super::esbuild;
use crate::paths;
use page::Frame;
use summary::Summary;

/// Adds every page that the book's summary names, below `docs/`.
pub(super) fn add(dist: &mut Dist) -> Result<()> {
    let root = paths::root();
    let read = |path: &str| {
        let path = root.join("docs/src").join(path);
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let summary = Summary::parse(&read("SUMMARY.md")?)?;
    let styles = ["assets/tokens.css", "assets/skip-link.css", "docs/book.css"]
        .map(|style| root.join(style));
    let icon = fs::read(root.join("console/icon.svg"))?;
    let frame = Frame {
        summary: &summary,
        style: dist.add_hashed("book", "css", &esbuild::bundle_styles(&styles)?)?,
        icon: dist.add_hashed("icon", "svg", &icon)?,
    };
    for place in 0..summary.chapters.len() {
        let chapter = &summary.chapters[place];
        let page = frame
            .page(place, &read(&chapter.source)?)
            .with_context(|| format!("in docs/src/{}", chapter.source))?;
        dist.add(&chapter.file(), page.as_bytes())?;
    }
    dist.add("docs/404.html", frame.missing().as_bytes())
}
