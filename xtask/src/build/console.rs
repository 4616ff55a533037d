//! The console's page with everything it links to.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::bundle::Module;
use super::console_page::{Kind, Paths, links, render};
use super::dist::Dist;
use super::esbuild;
use crate::paths;

/// Adds the console's files, and the page that names them.
pub(super) fn add(dist: &mut Dist, console: &Module) -> Result<()> {
    let folder = paths::root().join("console");
    let source = folder.join("index.html");
    let page = read(&source)?;
    let links = links(&page).with_context(|| format!("in {}", source.display()))?;

    let (mut styles, mut icon) = (Vec::new(), None);
    for link in &links {
        match link.kind {
            Kind::Style(href) => styles.push(folder.join(href)),
            Kind::Icon(href) => icon = Some(folder.join(href)),
            Kind::Program => {}
        }
    }
    let icon = icon.with_context(|| format!("{} links to no icon", source.display()))?;
    let wasm = dist.add_hashed("console", "wasm", &console.wasm)?;
    let paths = Paths {
        script: dist.add_hashed("console", "js", &console.script(&wasm))?,
        wasm,
        style: dist.add_hashed("console", "css", &esbuild::bundle_styles(&styles)?)?,
        icon: dist.add_hashed("icon", "svg", read(&icon)?.as_bytes())?,
    };
    dist.add("console/index.html", render(&page, &links, &paths).as_bytes())
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}
