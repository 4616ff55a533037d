//! Which passages an answer is from: folded away under it, because most readers only want the
//! answer.

use cavuer_protocol::Source;

use super::Ui;
use super::dom::{El, el};
use crate::words::fill;

/// The passages, each with title, page and excerpt. Everything is text as it is.
pub fn sources(ui: Ui, sources: &[Source]) -> El {
    let list = sources.iter().fold(el("ol", ""), |list, source| {
        let mut title = el("p", "title").child(&el("bdi", "").text(&source.title));
        if let Some(page) = source.page {
            title = title.text(", ").text(&fill(&ui.texts.page, &page.to_string()));
        }
        let excerpt = el("p", "excerpt").set("dir", "auto").text(&source.excerpt);
        list.child(&el("li", "").child(&title).child(&excerpt))
    });
    let heading = fill(&ui.texts.sources, &sources.len().to_string());
    el("details", "sources").child(&el("summary", "").text(&heading)).child(&list)
}
