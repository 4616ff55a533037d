//! The rich-text parser: what it reads, what it refuses, and that no input can hurt it.
#![allow(clippy::panic, clippy::disallowed_methods, reason = "a test measures, and fails")]

use std::time::{Duration, Instant};

use cavuer_protocol::rich_text::{Block, Span, parse};
use proptest::prelude::*;

fn text(value: &str) -> Span {
    Span::Text(value.to_owned())
}

fn paragraph(value: &str) -> Block {
    Block::Paragraph(vec![text(value)])
}

fn link(address: &str, label: &str) -> Span {
    Span::Link { address: address.to_owned(), label: vec![text(label)] }
}

fn spans(source: &str) -> Vec<Span> {
    match parse(source).as_slice() {
        [] => Vec::new(),
        [Block::Paragraph(spans)] => spans.clone(),
        other => panic!("{source:?} is not one paragraph: {other:?}"),
    }
}

#[test]
fn paragraphs_and_breaks() {
    assert_eq!(parse(""), []);
    assert_eq!(parse(" \n\t\n"), []);
    assert_eq!(parse("a\n\n\nb\r\n"), [paragraph("a"), paragraph("b")]);
    assert_eq!(spans("a  \n b"), [text("a"), Span::Break, text("b")]);
}

#[test]
fn emphasis_nests_and_may_stay_open() {
    let strong = |inner| Span::Strong(vec![inner]);
    let emphasis = |inner| Span::Emphasis(vec![inner]);
    assert_eq!(spans("**a**"), [strong(text("a"))]);
    assert_eq!(spans("__a__"), [strong(text("a"))]);
    assert_eq!(spans("*a* _b_"), [emphasis(text("a")), text(" "), emphasis(text("b"))]);
    assert_eq!(spans("***a***"), [emphasis(strong(text("a")))]);
    assert_eq!(
        spans("**a *b* c**"),
        [Span::Strong(vec![text("a "), emphasis(text("b")), text(" c")])]
    );
    for open in ["**a", "**a*", "a*", "2 * 3 * 4", "snake_case_name", "** a **", "_a"] {
        assert_eq!(spans(open), [text(open)], "{open:?}");
    }
    assert_eq!(spans("*a **b*"), [emphasis(text("a **b"))]);
}

#[test]
fn code_is_verbatim() {
    let code = |value: &str| Span::Code(value.to_owned());
    assert_eq!(spans("`a*b*[c]`"), [code("a*b*[c]")]);
    assert_eq!(spans("`` a`b ``"), [code("a`b")]);
    assert_eq!(spans("`a"), [text("`a")]);
    assert_eq!(spans("``a`"), [text("``a`")]);
}

#[test]
fn escapes_make_marks_text() {
    assert_eq!(spans(r"\*a\* \[b](c) 1\. \\"), [text(r"*a* [b](c) 1. \")]);
    assert_eq!(spans(r"\a"), [text(r"\a")]);
}

#[test]
fn headings_and_rules() {
    assert_eq!(
        parse("## C# is\n---\n***"),
        [Block::Heading(2, vec![text("C# is")]), Block::Rule, Block::Rule]
    );
    assert_eq!(parse("# a #"), [Block::Heading(1, vec![text("a")])]);
    assert_eq!(parse("#a"), [paragraph("#a")]);
    assert_eq!(parse("####### a"), [paragraph("####### a")]);
}

#[test]
fn lists_nest_and_end() {
    let item = |value| vec![paragraph(value)];
    assert_eq!(
        parse("- a\n- b\nend"),
        [Block::Bullets(vec![item("a"), item("b")]), paragraph("end")]
    );
    assert_eq!(parse("3. a\n\n4. b"), [Block::Numbers(3, vec![item("a"), item("b")])]);
    assert_eq!(
        parse("1. a\n   - b\n   - c\n2. d\n\n   e"),
        [Block::Numbers(
            1,
            vec![
                vec![paragraph("a"), Block::Bullets(vec![item("b"), item("c")])],
                vec![paragraph("d"), paragraph("e")],
            ]
        )]
    );
    assert_eq!(
        parse("- a\n1. b"),
        [Block::Bullets(vec![item("a")]), Block::Numbers(1, vec![item("b")])]
    );
    assert_eq!(spans("since\n1998. then"), [text("since"), Span::Break, text("1998. then")]);
    assert_eq!(spans("-5 degrees"), [text("-5 degrees")]);
}

#[test]
fn quotes_hold_blocks() {
    assert_eq!(
        parse("> a\n>\n> - b\nc"),
        [
            Block::Quote(vec![paragraph("a"), Block::Bullets(vec![vec![paragraph("b")]])]),
            paragraph("c")
        ]
    );
}

#[test]
fn fences_are_code_even_while_they_grow() {
    let code = |value: &str| Block::Code(value.to_owned());
    assert_eq!(
        parse("```rust\nfn a() {\n\n  *b*\n```\nc"),
        [code("fn a() {\n\n  *b*"), paragraph("c")]
    );
    assert_eq!(parse("~~~\n```\n~~~~"), [code("```")]);
    assert_eq!(parse("a\n```\nb"), [paragraph("a"), code("b")]);
    assert_eq!(parse("```"), [code("")]);
    assert_eq!(
        parse("- a\n  ```\n  b\n  ```"),
        [Block::Bullets(vec![vec![paragraph("a"), code("b")]])]
    );
}

#[test]
fn links_take_known_schemes() {
    assert_eq!(spans("[a](https://b.c/d_(e))"), [link("https://b.c/d_(e)", "a")]);
    assert_eq!(spans("[a](<mailto:b@c.d>)"), [link("mailto:b@c.d", "a")]);
    assert_eq!(spans("[a](TEL:+1)"), [link("tel:+1", "a")]);
    assert_eq!(spans("![a](http://b)"), [link("http://b", "a")]);
    assert_eq!(spans("[](http://b)"), [link("http://b", "http://b")]);
    assert_eq!(spans("[http://a](http://b)"), [link("http://b", "http://a")]);
    assert_eq!(spans("**[a](http://b)**"), [Span::Strong(vec![link("http://b", "a")])]);
    assert_eq!(spans("[a] [1](x)"), [text("[a] [1](x)")]);
}

#[test]
fn links_do_not_nest() {
    assert_eq!(
        spans("[a [b](http://c) d](http://e)"),
        [text("[a "), link("http://c", "b"), text(" d]("), link("http://e", "http://e"), text(")"),]
    );
}

#[test]
fn other_schemes_stay_text() {
    for hostile in [
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](java\tscript:alert(1))",
        "[a](\u{1}javascript:alert(1))",
        "[a](data:text/html;base64,x)",
        "[a](vbscript:x)",
        "[a](//evil.example)",
        "[a](/path)",
        "[a](https:)",
        "[a](https:/evil)",
        "[a](https://b c)",
        "[a](https://b\u{7})",
        "<javascript:alert(1)>",
        "<img src=x onerror=alert(1)>",
        "&lt;b&gt; &amp; &#x6a;",
    ] {
        for span in spans(hostile) {
            match span {
                Span::Text(_) => {}
                Span::Link { address, .. } => {
                    assert!(!hostile.contains("script") && address.starts_with("https://"));
                }
                other => panic!("{hostile:?} became {other:?}"),
            }
        }
    }
    assert_eq!(spans("&lt;b&gt;"), [text("&lt;b&gt;")]);
}

#[test]
fn bare_addresses_end_before_the_sentence_does() {
    let (address, comma) = (link("https://a.b/c?d=1", "https://a.b/c?d=1"), text(", e"));
    assert_eq!(spans("https://a.b/c?d=1, e"), [address.clone(), comma]);
    assert_eq!(spans("(https://a.b/c?d=1)."), [text("("), address.clone(), text(").")]);
    assert_eq!(spans("<https://a.b/c?d=1>x"), [address.clone(), text("x")]);
    assert_eq!(spans("**https://a.b/c?d=1**"), [Span::Strong(vec![address])]);
    let wiki = "https://a.b/c_(d)";
    assert_eq!(spans(wiki), [link(wiki, wiki)]);
    assert_eq!(spans("见https://a.b。好"), [text("见https://a.b。好")]);
    assert_eq!(
        spans("见 https://a.b。好"),
        [text("见 "), link("https://a.b", "https://a.b"), text("。好")]
    );
    for plain in ["https://", "xhttp://a", "http", "http:// a"] {
        assert_eq!(spans(plain), [text(plain)], "{plain:?}");
    }
}

#[test]
fn depth_is_bounded() {
    for hostile in ["> ", "- ", "1. ", "[", "**a ", "*a **b "] {
        let source = hostile.repeat(1_000) + "x";
        assert!(depth(&parse(&source)) < 64, "{hostile:?}");
    }
}

/// Each takes a fraction of a second; a quadratic step anywhere would make it minutes.
#[test]
fn hostile_text_takes_linear_time() {
    for hostile in [
        "*",
        "_",
        "[",
        "]",
        "`",
        "``` ",
        "**a ",
        "*a_",
        "[a](",
        "[a](http:",
        "[](http://",
        "[](http://a)",
        "<http:",
        "http://",
        "https://a ",
        "h",
        "> ",
        "> \n",
        "- ",
        "- a\n",
        "  - a\n",
        "1. ",
        "#",
        "\\",
        "` `` ",
        "![",
        "\n",
        "~~~\n",
        "(",
        "a)",
        "- a\n\n",
        "[**",
        "**]",
    ] {
        // A busy machine can hold up one measurement, hardly five; sixteen times the text would
        // take a quadratic parser 256 times as long.
        let is_linear = (0..5).any(|_| {
            let short = reading_time(&hostile.repeat(12_500 / hostile.len()));
            let long = reading_time(&hostile.repeat(200_000 / hostile.len()));
            long < short * 48 + Duration::from_millis(20)
        });
        assert!(is_linear, "{hostile:?} repeated takes more than linear time");
    }
}

fn reading_time(text: &str) -> Duration {
    let start = Instant::now();
    parse(text);
    start.elapsed()
}

#[test]
fn every_prefix_of_an_answer_can_be_read() {
    let answer = "# Delivery\n\nIt takes **2 to 3 days**, see [the page](https://shop.example/d).\n\n\
                  1. `a`\n   - *b*\n2. c\n\n> quote\n\n```sh\nls\n```\n---\nÜ 見 https://x.y";
    for (at, _) in answer.char_indices() {
        parse(&answer[..at]);
    }
}

proptest! {
    #[test]
    fn no_input_panics(source in "\\PC*") {
        parse(&source);
    }

    #[test]
    fn no_input_of_marks_panics(source in "[-a \\n\\t*_`~#>\\[\\]()<!1.\\\\:/é見]*") {
        parse(&source);
    }

    /// Letters are never markup, except the language behind a fence.
    #[test]
    fn no_letter_is_lost(
        parts in prop::collection::vec(
            prop_oneof![
                "[a-cé見]{1,3}",
                "[-*_#>\\[\\]()<!`1. \\n\\\\]{1,2}",
                Just("http://".to_owned()),
                Just("](https://x".to_owned()),
                Just("    ".to_owned()),
            ],
            0..40,
        )
    ) {
        let source = parts.concat().replace("```", "`");
        let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).collect::<String>();
        let mut kept = String::new();
        write_blocks(&parse(&source), &mut kept);
        prop_assert_eq!(letters(&kept), letters(&source));
    }
}

fn write_blocks(blocks: &[Block], out: &mut String) {
    for block in blocks {
        match block {
            Block::Paragraph(spans) | Block::Heading(_, spans) => write_spans(spans, out),
            Block::Bullets(items) | Block::Numbers(_, items) => {
                items.iter().for_each(|item| write_blocks(item, out));
            }
            Block::Quote(blocks) => write_blocks(blocks, out),
            Block::Code(code) => out.push_str(code),
            Block::Rule => {}
        }
    }
}

fn write_spans(spans: &[Span], out: &mut String) {
    for span in spans {
        match span {
            Span::Text(text) | Span::Code(text) => out.push_str(text),
            Span::Strong(inner) | Span::Emphasis(inner) => write_spans(inner, out),
            Span::Link { address, label } => {
                if *label != [text(address)] {
                    write_spans(label, out);
                }
                out.push_str(address);
            }
            Span::Break => {}
        }
    }
}

fn depth(blocks: &[Block]) -> usize {
    let of = |block: &Block| match block {
        Block::Paragraph(spans) | Block::Heading(_, spans) => span_depth(spans),
        Block::Bullets(items) | Block::Numbers(_, items) => {
            items.iter().map(|item| depth(item)).max().unwrap_or(0)
        }
        Block::Quote(blocks) => depth(blocks),
        Block::Code(_) | Block::Rule => 0,
    };
    1 + blocks.iter().map(of).max().unwrap_or(0)
}

fn span_depth(spans: &[Span]) -> usize {
    let of = |span: &Span| match span {
        Span::Strong(inner) | Span::Emphasis(inner) => span_depth(inner),
        Span::Link { label, .. } => span_depth(label),
        _ => 0,
    };
    1 + spans.iter().map(of).max().unwrap_or(0)
}
