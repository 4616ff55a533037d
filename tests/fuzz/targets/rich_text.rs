//! Any text becomes a tree that is safe to show: bounded in depth and size, its links harmless.

#![no_main]

use cavuer_protocol::rich_text::{Block, Span, parse};
use libfuzzer_sys::fuzz_target;

/// Deeper than any tree that the parser's own bounds on blocks and marks allow.
const MAX_DEPTH: usize = 40;
/// The only beginnings of an address that a chat may link to.
const SCHEMES: [&str; 4] = ["http://", "https://", "mailto:", "tel:"];

fuzz_target!(|source: &str| {
    let shown: usize = parse(source).iter().map(|block| block_text(block, 0)).sum();
    assert!(shown <= source.len(), "nothing is shown that was not written");
});

/// Bytes of text in a block.
fn block_text(block: &Block, depth: usize) -> usize {
    assert!(depth < MAX_DEPTH);
    match block {
        Block::Paragraph(spans) | Block::Heading(_, spans) => spans_text(spans, depth),
        Block::Bullets(items) | Block::Numbers(_, items) => {
            items.iter().flatten().map(|block| block_text(block, depth + 1)).sum()
        }
        Block::Quote(blocks) => blocks.iter().map(|block| block_text(block, depth + 1)).sum(),
        Block::Code(code) => code.len(),
        Block::Rule => 0,
    }
}

fn spans_text(spans: &[Span], depth: usize) -> usize {
    spans.iter().map(|span| span_text(span, depth + 1)).sum()
}

fn span_text(span: &Span, depth: usize) -> usize {
    assert!(depth < MAX_DEPTH);
    match span {
        Span::Text(text) | Span::Code(text) => text.len(),
        Span::Strong(spans) | Span::Emphasis(spans) => spans_text(spans, depth),
        Span::Link { address, label } => {
            let lower = address.to_ascii_lowercase();
            assert!(SCHEMES.iter().any(|scheme| lower.starts_with(scheme)), "{address:?}");
            assert!(!address.chars().any(|c| c.is_whitespace() || c.is_control()), "{address:?}");
            spans_text(label, depth)
        }
        Span::Break => 0,
    }
}
