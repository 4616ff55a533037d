//! The console's page: what Trunk reads as instructions becomes plain tags.

use std::ops::Range;

use anyhow::{Context, Result, bail};

/// One `<link data-trunk …>` of a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Link<'a> {
    pub kind: Kind<'a>,
    place: Range<usize>,
}

/// What a link asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    /// The program itself.
    Program,
    /// A style sheet, named relative to the page.
    Style(&'a str),
    /// The site's icon, named relative to the page.
    Icon(&'a str),
}

/// The paths on the server that take the links' places.
pub(super) struct Paths {
    pub script: String,
    pub wasm: String,
    pub style: String,
    pub icon: String,
}

/// Finds the links that Trunk would follow.
pub(super) fn links(page: &str) -> Result<Vec<Link<'_>>> {
    let mut links = Vec::new();
    for (start, _) in page.match_indices("<link") {
        let length = page[start..].find('>').context("a <link> has no end")? + 1;
        let tag = &page[start..start + length];
        if !tag.contains(" data-trunk") {
            continue;
        }
        let kind = match (attribute(tag, "rel"), attribute(tag, "href")) {
            (Some("rust"), _) => Kind::Program,
            (Some("css"), Some(href)) => Kind::Style(href),
            (Some("icon"), Some(href)) => Kind::Icon(href),
            _ => bail!("xtask does not know what {tag} asks for"),
        };
        links.push(Link { kind, place: start..start + length });
    }
    Ok(links)
}

/// Puts plain tags where the links are. All style sheets are one, at the place of the first.
pub(super) fn render(page: &str, links: &[Link<'_>], paths: &Paths) -> String {
    let mut out = String::new();
    let mut done = 0;
    let mut styled = false;
    for link in links {
        out.push_str(&page[done..link.place.start]);
        done = link.place.end;
        match link.kind {
            Kind::Program => out.push_str(&program_tags(paths)),
            Kind::Style(_) if styled => {}
            Kind::Style(_) => {
                styled = true;
                out.push_str(&format!("<link rel=\"stylesheet\" href=\"{}\">", paths.style));
            }
            Kind::Icon(_) => {
                out.push_str(&format!("<link rel=\"icon\" href=\"{}\">", paths.icon));
            }
        }
    }
    out.push_str(&page[done..]);
    // A link that left nothing behind leaves no empty line either.
    out.lines()
        .filter(|line| !line.trim().is_empty())
        .fold(String::new(), |page, line| page + line + "\n")
}

fn program_tags(paths: &Paths) -> String {
    let Paths { script, wasm, .. } = paths;
    format!(
        "<link rel=\"preload\" href=\"{wasm}\" as=\"fetch\" type=\"application/wasm\" crossorigin>\n    \
         <script type=\"module\" src=\"{script}\"></script>"
    )
}

/// The value of a double-quoted attribute.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let length = tag[start..].find('"')?;
    Some(&tag[start..start + length])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trunk_links_become_plain_tags() {
        let page = r#"<head>
<link data-trunk rel="icon" href="icon.svg" />
<link data-trunk rel="css" href="one.css" />
<link data-trunk rel="css" href="two.css" />
<link rel="help" href="/help">
<link data-trunk rel="rust" href="Cargo.toml">
</head>"#;
        let links = links(page).unwrap();
        let kinds: Vec<_> = links.iter().map(|link| &link.kind).collect();
        assert_eq!(
            kinds,
            [
                &Kind::Icon("icon.svg"),
                &Kind::Style("one.css"),
                &Kind::Style("two.css"),
                &Kind::Program
            ]
        );

        let paths = Paths {
            script: "/assets/c.js".into(),
            wasm: "/assets/c.wasm".into(),
            style: "/assets/c.css".into(),
            icon: "/assets/c.svg".into(),
        };
        assert_eq!(
            render(page, &links, &paths),
            r#"<head>
<link rel="icon" href="/assets/c.svg">
<link rel="stylesheet" href="/assets/c.css">
<link rel="help" href="/help">
<link rel="preload" href="/assets/c.wasm" as="fetch" type="application/wasm" crossorigin>
    <script type="module" src="/assets/c.js"></script>
</head>
"#
        );
    }

    #[test]
    fn an_unknown_trunk_link_is_refused() {
        let page = r#"<link data-trunk rel="tailwind-css" href="x.css">"#;
        let error = links(page).unwrap_err();
        assert!(error.to_string().contains("tailwind-css"));
    }
}
