//! One page of the book: its text, and the way to all others.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

use super::summary::{Chapter, Summary};

/// What all pages share.
pub(super) struct Frame<'a> {
    pub summary: &'a Summary,
    /// The chapters' texts, by their files in `docs/src`.
    pub texts: &'a BTreeMap<String, String>,
    /// Path of the style sheet on the server.
    pub style: String,
    /// Path of the icon on the server.
    pub icon: String,
}

impl Frame<'_> {
    /// The page of the chapter at this place.
    ///
    /// # Errors
    /// If its text begins with another heading than the summary says, has a picture, or links to a
    /// page that the summary does not name, or to a heading that a page does not have.
    pub(super) fn page(&self, place: usize) -> Result<String> {
        let chapters = &self.summary.chapters;
        let chapter = &chapters[place];
        let markdown = self.texts.get(&chapter.source).context("it is not there")?;
        if markdown.lines().next() != Some(&format!("# {}", chapter.title)) {
            bail!("its heading is not {:?}, as SUMMARY.md says", chapter.title);
        }
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
        let mut events = events(markdown);
        if has_nameless_column(&events) {
            bail!("a column of a table has no name, which those who hear the page need");
        }
        for event in &mut events {
            match event {
                Event::Start(Tag::Link { dest_url, .. }) => {
                    *dest_url = self.link(chapter, markdown, dest_url)?.into();
                }
                Event::Start(Tag::Image { dest_url, .. }) => {
                    bail!("the picture {dest_url} is nothing that the server has: it has pages")
                }
                _ => {}
            }
        }
        let mut text = String::new();
        html::push_html(&mut text, events.into_iter().flat_map(scrolled));
        Ok(text)
    }

    /// Where a link of a page leads on the server.
    fn link(&self, from: &Chapter, text: &str, to: &str) -> Result<String> {
        if to.contains("://") || to.starts_with("mailto:") {
            return Ok(to.to_owned());
        }
        if let Some(fragment) = to.strip_prefix('#') {
            return match has_heading(text, fragment) {
                true => Ok(to.to_owned()),
                false => bail!("{to} is no heading of the page"),
            };
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
        let target = target.with_context(|| format!("{to} is not a page of the book"))?;
        let address = target.address();
        if fragment.is_empty() {
            return Ok(address);
        }
        let there = self.texts.get(&target.source);
        if !there.is_some_and(|text| has_heading(text, fragment)) {
            bail!("{to} leads to a page without this heading");
        }
        Ok(format!("{address}#{fragment}"))
    }
}

/// A page's text in pieces, with a name for each heading.
fn events(markdown: &str) -> Vec<Event<'_>> {
    let mut events = Parser::new_ext(markdown, Options::ENABLE_TABLES).collect::<Vec<_>>();
    name_headings(&mut events);
    events
}

/// Whether the head of a table has an empty cell.
fn has_nameless_column(events: &[Event<'_>]) -> bool {
    let mut in_head = false;
    events.windows(2).any(|pair| {
        match pair[0] {
            Event::Start(Tag::TableHead) => in_head = true,
            Event::End(TagEnd::TableHead) => in_head = false,
            _ => {}
        }
        let is_empty =
            matches!(pair, [Event::Start(Tag::TableCell), Event::End(TagEnd::TableCell)]);
        in_head && is_empty
    })
}

fn has_heading(markdown: &str, name: &str) -> bool {
    let named =
        |event| matches!(event, Event::Start(Tag::Heading { id: Some(id), .. }) if &*id == name);
    events(markdown).into_iter().any(named)
}

/// What may be wider than the page is scrolled by itself, by keyboard, too. The columns of tables
/// have no styles of their own: the page's policy takes none.
fn scrolled(event: Event<'_>) -> Vec<Event<'_>> {
    match event {
        Event::Start(Tag::Table(_)) => vec![
            Event::Html(
                r#"<div class="scroll" role="group" aria-label="Table" tabindex="0">"#.into(),
            ),
            Event::Start(Tag::Table(Vec::new())),
        ],
        Event::End(TagEnd::Table) => vec![event, Event::Html("</div>\n".into())],
        Event::Start(Tag::CodeBlock(_)) => vec![Event::Html(r#"<pre tabindex="0"><code>"#.into())],
        Event::End(TagEnd::CodeBlock) => vec![Event::Html("</code></pre>\n".into())],
        _ => vec![event],
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

    /// The page at a place of the book in which that page goes on so below its heading.
    fn page(place: usize, markdown: &str) -> Result<String> {
        let summary = Summary::parse(SUMMARY).unwrap();
        let mut texts = BTreeMap::new();
        for (at, chapter) in summary.chapters.iter().enumerate() {
            let below = if at == place { markdown } else { "## At c" };
            texts.insert(chapter.source.clone(), format!("# {}\n\n{below}\n", chapter.title));
        }
        frame(&summary, &texts).page(place)
    }

    fn frame<'a>(summary: &'a Summary, texts: &'a BTreeMap<String, String>) -> Frame<'a> {
        let (style, icon) = ("/assets/b.css".to_owned(), "/assets/i.svg".to_owned());
        Frame { summary, texts, style, icon }
    }

    #[test]
    fn a_page_has_its_text_and_the_way_to_the_others() {
        let first = page(0, "## *What* is `it`?\n\n## What is it\n").unwrap();
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
        let text = "[b](../b.md#at-c) [two](2.md) [a](../a.md) [e](https://example.com/x.md) \
                    [h](#one)";
        let page = page(3, text).unwrap();
        for link in ["/docs/b#at-c", "/docs/d/2", "/docs/", "https://example.com/x.md", "#one"] {
            assert!(page.contains(&format!("<a href=\"{link}\">")), "{link}");
        }
    }

    #[test]
    fn a_link_that_leads_nowhere_is_refused() {
        let wrong = ["x.md", "../../README.md", "2", "#two", "2.md#at-d"];
        for wrong in wrong.map(|to| format!("[x]({to})")).into_iter().chain(["![x](x.png)".into()])
        {
            assert!(page(3, &wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_may_be_wide_is_scrolled_and_has_no_style_of_its_own() {
        let page = page(1, "| a | b |\n|---|--:|\n| c | d |\n\n```sh\ncargo <x>\n```\n").unwrap();
        assert!(page.contains(r#"tabindex="0"><table><thead><tr><th>a</th>"#), "{page}");
        assert!(page.contains("</table>\n</div>") && !page.contains("style="), "{page}");
        assert!(
            page.contains("<pre tabindex=\"0\"><code>cargo &lt;x&gt;\n</code></pre>"),
            "{page}"
        );
    }

    #[test]
    fn a_column_without_a_name_is_refused() {
        assert!(page(1, "| | b |\n|---|---|\n| c | d |\n").is_err());
        assert!(page(1, "| a | b |\n|---|---|\n| c | |\n").is_ok());
    }

    #[test]
    fn the_summary_and_the_page_have_one_title() {
        let summary = Summary::parse(SUMMARY).unwrap();
        let texts = [("b.md".to_owned(), "# C\n".to_owned())].into();
        assert!(frame(&summary, &texts).page(1).is_err());
        assert!(frame(&summary, &texts).page(2).is_err(), "it is not there");
    }

    #[test]
    fn a_missing_page_leads_to_those_that_are_there() {
        let (summary, texts) = (Summary::parse(SUMMARY).unwrap(), BTreeMap::new());
        let missing = frame(&summary, &texts).missing();
        assert!(missing.contains("no such page") && missing.contains(r#"<a href="/docs/b">"#));
        assert!(!missing.contains("aria-current") && !missing.contains("class=\"ways\""));
    }

    #[test]
    fn texts_cannot_be_taken_for_tags() {
        assert_eq!(escaped("a<b> & c"), "a&lt;b&gt; &amp; c");
    }
}
