//! Messages as nodes. Text of visitors, models and operators never becomes HTML by string.

use leptos::prelude::*;

use cavuer_protocol::rich_text::{Block, Span, parse};

/// Draws light Markdown.
pub fn rich_text(source: &str) -> AnyView {
    blocks(parse(source))
}

/// The words of light Markdown without its marks, in one line.
pub fn plain_text(source: &str) -> String {
    let mut words = String::new();
    for block in &parse(source) {
        block_words(block, &mut words);
    }
    words.trim_end().to_owned()
}

fn block_words(block: &Block, words: &mut String) {
    match block {
        Block::Paragraph(content) | Block::Heading(_, content) => span_words(content, words),
        Block::Bullets(items) | Block::Numbers(_, items) => {
            for block in items.iter().flatten() {
                block_words(block, words);
            }
        }
        Block::Quote(content) => {
            for block in content {
                block_words(block, words);
            }
        }
        Block::Code(code) => words.push_str(code),
        Block::Rule => {}
    }
    words.push(' ');
}

fn span_words(spans: &[Span], words: &mut String) {
    for span in spans {
        match span {
            Span::Text(text) | Span::Code(text) => words.push_str(text),
            Span::Strong(content) | Span::Emphasis(content) => span_words(content, words),
            Span::Link { label, .. } => span_words(label, words),
            Span::Break => words.push(' '),
        }
    }
}

fn blocks(blocks: Vec<Block>) -> AnyView {
    blocks.into_iter().map(block).collect_view().into_any()
}

fn block(block: Block) -> AnyView {
    match block {
        Block::Paragraph(content) => view! { <p>{spans(content)}</p> }.into_any(),
        // A message's headings are not headings of the page.
        Block::Heading(_, content) => {
            view! { <p class="rich-heading">{spans(content)}</p> }.into_any()
        }
        Block::Bullets(items) => view! { <ul>{list_items(items)}</ul> }.into_any(),
        Block::Numbers(first, items) => {
            view! { <ol start=first.to_string()>{list_items(items)}</ol> }.into_any()
        }
        Block::Quote(content) => view! { <blockquote>{blocks(content)}</blockquote> }.into_any(),
        Block::Code(code) => view! { <pre dir="ltr"><code>{code}</code></pre> }.into_any(),
        Block::Rule => view! { <hr/> }.into_any(),
    }
}

fn list_items(items: Vec<Vec<Block>>) -> AnyView {
    items.into_iter().map(|item| view! { <li>{blocks(item)}</li> }).collect_view().into_any()
}

fn spans(spans: Vec<Span>) -> AnyView {
    spans.into_iter().map(span).collect_view().into_any()
}

fn span(span: Span) -> AnyView {
    match span {
        Span::Text(text) => text.into_any(),
        Span::Strong(content) => view! { <strong>{spans(content)}</strong> }.into_any(),
        Span::Emphasis(content) => view! { <em>{spans(content)}</em> }.into_any(),
        Span::Code(code) => view! { <code dir="ltr">{code}</code> }.into_any(),
        Span::Link { address, label } => view! {
            <a href=address target="_blank" rel="noopener noreferrer nofollow">
                {spans(label)}
            </a>
        }
        .into_any(),
        Span::Break => view! { <br/> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn drawn(source: &'static str) -> web_sys::Element {
        let place = document().create_element("div").unwrap();
        let parent: web_sys::HtmlElement = wasm_bindgen::JsCast::unchecked_into(place.clone());
        leptos::mount::mount_to(parent, move || rich_text(source)).forget();
        place
    }

    #[wasm_bindgen_test]
    fn markup_becomes_elements_and_html_stays_text() {
        let place = drawn("**bold** <img src=x onerror=alert(1)>");
        assert_eq!(place.query_selector("img").unwrap(), None);
        let strong = place.query_selector("strong").unwrap().unwrap();
        assert_eq!(strong.text_content().as_deref(), Some("bold"));
        let text = place.text_content().unwrap();
        assert!(text.contains("<img src=x onerror=alert(1)>"), "{text}");
    }

    #[wasm_bindgen_test]
    fn links_leave_in_a_tab_of_their_own() {
        let place = drawn("[shop](https://shop.example/) [bad](javascript:alert(1))");
        let links = place.query_selector_all("a").unwrap();
        assert_eq!(links.length(), 1);
        let link = place.query_selector("a").unwrap().unwrap();
        assert_eq!(link.get_attribute("target").as_deref(), Some("_blank"));
        assert!(link.get_attribute("rel").unwrap().contains("noopener"));
    }

    #[wasm_bindgen_test]
    fn a_preview_has_the_words_without_the_marks() {
        assert_eq!(plain_text("**Open** at 9\n\n- Monday\n- Friday"), "Open at 9 Monday Friday");
    }
}
