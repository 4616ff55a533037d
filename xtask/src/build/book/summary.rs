//! The book's table of contents, as mdBook reads it.

use anyhow::{Context, Result, bail};

/// Where the book begins on the server.
const ROOT: &str = "/docs/";
/// Spaces before the chapters of a chapter.
const INDENT: usize = 2;

/// The chapters in their order.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Summary {
    /// The first one is where the book begins.
    pub chapters: Vec<Chapter>,
}

/// One page.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Chapter {
    pub title: String,
    /// Its file in `docs/src`.
    pub source: String,
    /// The heading above it and its neighbours, if it is the first one below.
    pub part: Option<String>,
    /// The place of the chapter that it belongs to.
    pub parent: Option<usize>,
    is_first: bool,
}

impl Summary {
    /// Reads `SUMMARY.md`: headings are parts, links are chapters, and chapters below a chapter are
    /// indented by two spaces.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let mut chapters: Vec<Chapter> = Vec::new();
        let (mut part, mut parents) = (None, Vec::<usize>::new());
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            if let Some(heading) = line.strip_prefix("# ") {
                // The first heading is the book's own.
                part = (heading != "Summary").then(|| heading.to_owned());
                continue;
            }
            let depth = (line.len() - line.trim_start().len()) / INDENT;
            let link = line.trim_start().trim_start_matches("- ");
            let (title, source) = link
                .strip_prefix('[')
                .and_then(|link| link.strip_suffix(')'))
                .and_then(|link| link.split_once("]("))
                .with_context(|| format!("{line:?} is neither a heading nor a link"))?;
            if !source.ends_with(".md") {
                bail!("{source} is not a page of the book");
            }
            parents.truncate(depth);
            let parent = parents.last().copied();
            parents.push(chapters.len());
            chapters.push(Chapter {
                title: title.to_owned(),
                source: source.to_owned(),
                part: part.take(),
                parent,
                is_first: chapters.is_empty(),
            });
        }
        if chapters.is_empty() { bail!("the book has no chapter") } else { Ok(Self { chapters }) }
    }

    /// The chapter that this file of `docs/src` is.
    pub(super) fn of_source(&self, source: &str) -> Option<&Chapter> {
        self.chapters.iter().find(|chapter| chapter.source == source)
    }
}

impl Chapter {
    /// Its address on the server.
    pub(super) fn address(&self) -> String {
        if self.is_first { ROOT.to_owned() } else { format!("{ROOT}{}", self.name()) }
    }

    /// Its file in what browsers download.
    pub(super) fn file(&self) -> String {
        let name = if self.is_first { "index" } else { self.name() };
        format!("docs/{name}.html")
    }

    fn name(&self) -> &str {
        self.source.trim_end_matches(".md")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_chapters_are_told_apart() {
        let text = "# Summary\n\n[A](a.md)\n\n# Use\n\n- [B](b.md)\n  - [C](d/c.md)\n- [D](d.md)\n";
        let summary = Summary::parse(text).unwrap();
        let told: Vec<_> = summary
            .chapters
            .iter()
            .map(|one| (one.title.as_str(), one.part.as_deref(), one.parent, one.address()))
            .collect();
        let expected = [
            ("A", None, None, "/docs/"),
            ("B", Some("Use"), None, "/docs/b"),
            ("C", None, Some(1), "/docs/d/c"),
            ("D", None, None, "/docs/d"),
        ];
        assert_eq!(told, expected.map(|(a, b, c, d)| (a, b, c, d.to_owned())));
        assert_eq!(summary.of_source("a.md").unwrap().file(), "docs/index.html");
        assert_eq!(summary.of_source("d/c.md").unwrap().file(), "docs/d/c.html");
        assert_eq!(summary.of_source("e.md"), None);
    }

    #[test]
    fn what_is_no_chapter_is_named() {
        for wrong in ["", "# Summary", "- B", "- [B](https://example.com)"] {
            assert!(Summary::parse(wrong).is_err(), "{wrong}");
        }
    }
}
