//! One page of the book: its text, and the way to all others.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

use super::summary::{Chapter, Summary};

/// What all pages share.
pub(super) struct Frame<'a> {
    pub summary: &'a Summary,
    /// Path of the style sheet on the server.
    pub style: String,
    /// Path of the icon on the server.
    pub icon: String,
}

impl Frame<'_> {
    /// The page of the chapter at this place, whose text is this.
    ///
    /// # Errors
    /// If the text links to a page that the summary does not name.
    pub(super) fn page(&self, place: usize, markdown: &str) -> Result<String> {
        let chapters = &self.summary.chapters;
        let chapter = &chapters[place];
        let before = place.checked_sub(1).map(|place| way("prev", &chapters[place]));
        let after = chapters.get(place + 1).map(|chapter| way("next", chapter));
        let text = format!(
            "{}<nav class=\"ways\" aria-label=\"Neighbours\">{}{}</nav>",
            self.text(chapter, markdown)?,
            before.unwrap_or_default(),
            after.unwrap_or_default(),
        );
        Ok(self.around(&chapter.title, Some(place), &text))
    }

    /// What is shown in place of a page that there is not.
    pub(super) fn missing(&self) -> String {
        let text = "<h1>There is no such page</h1><p>The guide of this version has no page at this \
                    address. Its pages stand under <em>Contents</em>.</p>";
        self.around("There is no such page", None, text)
    }

    /// The frame with this title and text; the chapter at this place is marked.
    fn around(&self, title: &str, current: Option<usize>, text: &str) -> String {
        let (title, contents) = (escaped(title), self.contents(current));
        let Self { style, icon, .. } = self;
        format!(
            r##"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} · Cavuer</title>
<link rel="icon" href="{icon}">
<link rel="stylesheet" href="{style}">
</head>
<body>
<a class="skip-link" href="#text">Skip to the text</a>
<header><a class="home" href="/docs/"><img src="{icon}" alt="" width="24" height="24">Cavuer guide</a> <a href="/console/">Console</a></header>
<div class="book">
<nav class="contents" aria-label="Contents">{contents}</nav>
<details class="contents-folded"><summary>Contents</summary><nav aria-label="Contents">{contents}</nav></details>
<main id="text" tabindex="-1">
{text}
</main>
</div>
</body>
</html>
"##
        )
    }

    /// The chapters as lists, one a part. Chapters of a chapter are shown where one of them, or the
    /// chapter itself, is read.
    fn contents(&self, current: Option<usize>) -> String {
        let chapters = &self.summary.chapters;
        let open = [current, current.and_then(|current| chapters[current].parent)];
        let mut lists = "<ul>".to_owned();
        for (place, chapter) in chapters.iter().enumerate() {
            if chapter.parent.is_some() && !open.contains(&chapter.parent) {
                continue;
            }
            if let Some(part) = &chapter.part {
                lists += &format!("</ul><h2>{}</h2><ul>", escaped(part));
            }
            let class = if chapter.parent.is_some() { " class=\"below\"" } else { "" };
            let is_read = if Some(place) == current { " aria-current=\"page\"" } else { "" };
            let (address, title) = (chapter.address(), escaped(&chapter.title));
            lists += &format!("<li{class}><a href=\"{address}\"{is_read}>{title}</a></li>");
        }
        lists + "</ul>"
    }

    fn text(&self, chapter: &Chapter, markdown: &str) -> Result<String> {
        let events = Parser::new_ext(markdown, Options::ENABLE_TABLES);
        let mut events = events.collect::<Vec<_>>();
        name_headings(&mut events);
        for event in &mut events {
            if let Event::Start(Tag::Link { dest_url, .. }) = event {
                *dest_url = self.link(chapter, dest_url)?.into();
            }
        }
        let mut text = String::new();
        html::push_html(&mut text, events.into_iter());
        Ok(text)
    }

    /// Where a link of a page leads on the server.
    fn link(&self, from: &Chapter, to: &str) -> Result<String> {
        if to.starts_with('#') || to.contains("://") || to.starts_with("mailto:") {
            return Ok(to.to_owned());
        }
        let (path, fragment) = to.split_once('#').map_or((to, ""), |(path, rest)| (path, rest));
        let folder = from.source.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut steps: Vec<_> = folder.split('/').filter(|step| !step.is_empty()).collect();
        for step in path.split('/') {
            match step {
                "." => {}
                ".." => _ = steps.pop().with_context(|| format!("{to} leads out of the book"))?,
                _ => steps.push(step),
            }
        }
        let target = self.summary.of_source(&steps.join("/"));
        let address = target.with_context(|| format!("{to} is not a page of the book"))?.address();
        Ok(if fragment.is_empty() { address } else { format!("{address}#{fragment}") })
    }
}

/// Gives each heading the name by which mdBook lets others link to it.
fn name_headings(events: &mut [Event<'_>]) {
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    for place in 0..events.len() {
        if !matches!(events[place], Event::Start(Tag::Heading { .. })) {
            continue;
        }
        let inside = events[place + 1..]
            .iter()
            .take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))));
        let title: String = inside
            .filter_map(|event| match event {
                Event::Text(text) | Event::Code(text) => Some(text.as_ref()),
                _ => None,
            })
            .collect();
        let mut name = slug(&title);
        let count = names.entry(name.clone()).or_default();
        if *count > 0 {
            name = format!("{name}-{count}");
        }
        *count += 1;
        if let Event::Start(Tag::Heading { id, .. }) = &mut events[place] {
            *id = Some(CowStr::from(name));
        }
    }
}

fn slug(title: &str) -> String {
    let kept = title.trim().to_lowercase();
    let kept = kept.chars().filter_map(|one| match one {
        _ if one.is_whitespace() => Some('-'),
        '-' | '_' => Some(one),
        _ => one.is_alphanumeric().then_some(one),
    });
    kept.collect()
}

/// A link to a neighbour.
fn way(rel: &str, chapter: &Chapter) -> String {
    let (address, title) = (chapter.address(), escaped(&chapter.title));
    let word = if rel == "prev" { "Before" } else { "Next" };
    format!("<a rel=\"{rel}\" href=\"{address}\"><span>{word}</span> {title}</a>")
}

fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    html::push_html(&mut escaped, [Event::Text(text.into())].into_iter());
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUMMARY: &str = "# Summary\n\n[A & O](a.md)\n\n# Use\n\n- [B](b.md)\n- [D](d/index.md)\n  \
                           - [One](d/1.md)\n  - [Two](d/2.md)\n";

    fn page(place: usize, markdown: &str) -> Result<String> {
        let summary = Summary::parse(SUMMARY).unwrap();
        let (style, icon) = ("/assets/b.css".to_owned(), "/assets/i.svg".to_owned());
        Frame { summary: &summary, style, icon }.page(place, markdown)
    }

    #[test]
    fn a_page_has_its_text_and_the_way_to_the_others() {
        let first = page(0, "# A & O\n\n## *What* is `it`?\n\n## What is it\n").unwrap();
        assert!(first.contains("<title>A &amp; O · Cavuer</title>"), "{first}");
        assert!(first.contains(r#"<h2 id="what-is-it"><em>What</em> is <code>it</code>?</h2>"#));
        assert!(first.contains(r#"<h2 id="what-is-it-1">"#));
        assert!(first.contains(r#"<a href="/docs/" aria-current="page">A &amp; O</a>"#));
        assert!(!first.contains("rel=\"prev\"") && first.contains("<h2>Use</h2>"));
        assert!(first.contains(r#"<a rel="next" href="/docs/b">"#));
        assert!(!first.contains(">One</a>"), "its chapter is closed");
        assert!(page(2, "").unwrap().contains(">One</a>"));
        let last = page(4, "").unwrap();
        assert!(last.contains(">One</a>") && !last.contains("rel=\"next\""));
    }

    #[test]
    fn links_lead_to_pages_of_the_server() {
        let text = "[b](../b.md#c) [two](2.md) [a](../a.md) [e](https://example.com/x.md) [h](#h)";
        let page = page(3, text).unwrap();
        for link in ["/docs/b#c", "/docs/d/2", "/docs/", "https://example.com/x.md", "#h"] {
            assert!(page.contains(&format!("<a href=\"{link}\">")), "{link}");
        }
    }

    #[test]
    fn a_link_that_leads_nowhere_is_refused() {
        for wrong in ["[x](x.md)", "[x](../../README.md)", "[x](2)"] {
            assert!(page(3, wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_missing_page_leads_to_those_that_are_there() {
        let summary = Summary::parse(SUMMARY).unwrap();
        let (style, icon) = ("/assets/b.css".to_owned(), "/assets/i.svg".to_owned());
        let missing = Frame { summary: &summary, style, icon }.missing();
        assert!(missing.contains("no such page") && missing.contains(r#"<a href="/docs/b">"#));
        assert!(!missing.contains("aria-current") && !missing.contains("class=\"ways\""));
    }

    #[test]
    fn texts_cannot_be_taken_for_tags() {
        assert_eq!(escaped("a<b> & c"), "a&lt;b&gt; &amp; c");
    }
}
