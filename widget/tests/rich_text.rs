//! Rich text in a real document: what it looks like, and that nothing in it can come alive.
#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use cavuer_protocol::rich_text::parse;
use cavuer_widget::view::rich_text::update;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Document, Element, Node};

wasm_bindgen_test_configure!(run_in_browser);

fn document() -> Document {
    web_sys::window().unwrap().document().unwrap()
}

fn shown(source: &str) -> Element {
    let place = document().create_element("div").unwrap();
    update(&place, &[], &parse(source));
    place
}

fn found(place: &Element, selector: &str) -> u32 {
    place.query_selector_all(selector).unwrap().length()
}

#[wasm_bindgen_test]
fn blocks_and_spans_become_elements() {
    let place = shown(
        "# a\n\nb **c** *d* `e`\nf\n\n- g\n  1. h\n\n> i\n\n```\nj <b>\n```\n\n---\n\n[k](https://l.example/)",
    );
    for selector in [
        "p.heading",
        "p > strong",
        "p > em",
        "p > code",
        "p > br",
        "ul > li > p",
        "li > ol > li",
        "blockquote > p",
        "pre",
        "hr",
        "p > a",
    ] {
        assert_eq!(found(&place, selector), 1, "{selector}");
    }
    let code = place.query_selector("pre").unwrap().unwrap();
    assert_eq!(code.text_content().unwrap(), "j <b>");
}

#[wasm_bindgen_test]
fn links_open_apart_and_give_nothing_away() {
    let place = shown("[a](https://b.example/) https://c.example/ [d](mailto:e@f.example)");
    let links = place.query_selector_all("a").unwrap();
    assert_eq!(links.length(), 3);
    for index in 0..links.length() {
        let link: Element = wasm_bindgen::JsCast::unchecked_into(links.get(index).unwrap());
        assert_eq!(link.get_attribute("rel").unwrap(), "noopener noreferrer nofollow");
        assert_eq!(link.get_attribute("target").unwrap(), "_blank");
    }
}

#[wasm_bindgen_test]
fn markup_and_scripts_stay_text() {
    for hostile in [
        "<script>window.broken = 1</script>",
        "<img src=x onerror=\"window.broken = 1\">",
        "**<svg onload=alert(1)>**",
        "[a](javascript:alert(1))",
        "[a](data:text/html,x)",
        "`<iframe srcdoc=x>`",
        "```\n<style>*{display:none}</style>\n```",
        "&lt;b&gt;",
    ] {
        let place = shown(hostile);
        document().body().unwrap().append_child(&place).unwrap();
        let alive = "script, img, svg, iframe, style, b, a, [onerror], [onload], [src]";
        assert_eq!(found(&place, alive), 0, "{hostile}");
        let text = place.text_content().unwrap();
        let words = hostile.trim_matches(['*', '`', '\n']);
        assert_eq!(text, words, "{hostile}");
        place.remove();
    }
    let broken = js_sys::Reflect::get(&web_sys::window().unwrap(), &"broken".into()).unwrap();
    assert!(broken.is_undefined());
}

#[wasm_bindgen_test]
fn growing_text_keeps_the_nodes_that_did_not_change() {
    let answer = "One **two** three.\n\n- four\n- five\n\n```\nsix\nseven\n```\nEight.";
    let place = document().create_element("div").unwrap();
    let mut before = Vec::new();
    let mut first: Option<Node> = None;
    for (at, c) in answer.char_indices() {
        let blocks = parse(&answer[..at + c.len_utf8()]);
        update(&place, &before, &blocks);
        let node = place.first_child().unwrap();
        assert!(first.as_ref().is_none_or(|first| first.is_same_node(Some(&node))));
        first = Some(node);
        before = blocks;
    }
    assert_eq!(place.inner_html(), shown(answer).inner_html());
}

#[wasm_bindgen_test]
fn text_that_starts_over_is_shown_as_it_is() {
    let place = document().create_element("div").unwrap();
    let (long, short) = (parse("# a\n\n- b\n- c\n\nd"), parse("e *f*"));
    update(&place, &[], &long);
    update(&place, &long, &short);
    assert_eq!(place.inner_html(), shown("e *f*").inner_html());
    update(&place, &short, &[]);
    assert_eq!(place.child_nodes().length(), 0);
}
