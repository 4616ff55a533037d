//! Text from HTML. Only its tags are read: nothing is run, fetched or shown.

use html5gum::{DefaultEmitter, Token, Tokenizer};

use super::text::Blocks;

/// Elements whose content nobody reads.
const SKIPPED: [&str; 13] = [
    "head", "title", "script", "style", "template", "noscript", "iframe", "object", "svg", "math",
    "canvas", "select", "textarea",
];

/// Elements that are a part of a line. All others begin a new block.
const INLINE: [&str; 38] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "button", "cite", "code", "data", "del",
    "dfn", "em", "font", "i", "img", "input", "ins", "kbd", "label", "mark", "q", "rp", "rt",
    "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u",
    "wbr",
];

/// The readable text of a page.
pub(super) fn text(html: &str) -> String {
    let mut emitter = DefaultEmitter::<()>::default();
    // So that the content of scripts is not taken for tags.
    emitter.naively_switch_states(true);
    let mut reader = Reader::default();
    for token in Tokenizer::new_with_emitter(html, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name);
                reader.open(&name, tag.self_closing);
            }
            Token::EndTag(tag) => reader.close(&String::from_utf8_lossy(&tag.name)),
            Token::String(text) => reader.say(&String::from_utf8_lossy(&text)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    reader.end_block();
    reader.end_table();
    reader.blocks.finish()
}

#[derive(Default)]
struct Reader {
    blocks: Blocks,
    /// What was read of the block at hand.
    line: String,
    block: Block,
    /// Open lists; an ordered one counts its items.
    lists: Vec<Option<u32>>,
    /// Rows of the outermost table; tables inside its cells count as their text.
    rows: Option<Vec<Vec<String>>>,
    tables: u32,
    /// Depth of `<pre>`, in which line ends count.
    preformatted: u32,
    /// The skipped element that is open, and how often.
    skipped: Option<(String, u32)>,
}

#[derive(Default)]
enum Block {
    #[default]
    Paragraph,
    Heading(u8),
    Item,
}

impl Reader {
    fn open(&mut self, name: &str, self_closing: bool) {
        if let Some((skipped, depth)) = &mut self.skipped {
            // A page that forgets to close its head has not lost its body.
            if skipped == "head" && name == "body" {
                self.skipped = None;
            } else {
                *depth += u32::from(skipped == name && !self_closing);
                return;
            }
        }
        if SKIPPED.contains(&name) {
            if !self_closing {
                self.skipped = Some((name.to_owned(), 1));
            }
            return;
        }
        match name {
            "br" => self.line.push('\n'),
            _ if INLINE.contains(&name) => {}
            "pre" => {
                self.end_block();
                self.preformatted += 1;
            }
            "ul" | "menu" | "ol" => {
                self.end_block();
                self.lists.push((name == "ol").then_some(0));
            }
            "li" => {
                self.end_block();
                self.block = Block::Item;
                if let Some(Some(count)) = self.lists.last_mut() {
                    *count = count.saturating_add(1);
                }
            }
            "table" => {
                if self.tables == 0 {
                    self.end_block();
                    self.rows = Some(Vec::new());
                }
                self.tables += 1;
            }
            "tr" if self.tables == 1 => {
                self.end_cell();
                if let Some(rows) = &mut self.rows {
                    rows.push(Vec::new());
                }
            }
            "td" | "th" if self.tables == 1 => {
                self.end_cell();
                let Some(rows) = &mut self.rows else { return };
                if rows.is_empty() {
                    rows.push(Vec::new());
                }
                if let Some(row) = rows.last_mut() {
                    row.push(String::new());
                }
            }
            "caption" => self.end_block(),
            _ => {
                self.end_block();
                if let Some(level) = heading_level(name) {
                    self.block = Block::Heading(level);
                }
            }
        }
    }

    fn close(&mut self, name: &str) {
        if let Some((skipped, depth)) = &mut self.skipped {
            if skipped == name {
                *depth -= 1;
                if *depth == 0 {
                    self.skipped = None;
                }
            }
            return;
        }
        match name {
            _ if INLINE.contains(&name) => {}
            "td" | "th" | "tr" | "thead" | "tbody" | "tfoot" if self.tables == 1 => {
                self.end_cell();
            }
            "table" => {
                self.tables = self.tables.saturating_sub(1);
                if self.tables == 0 {
                    self.end_table();
                }
            }
            "ul" | "menu" | "ol" => {
                self.end_block();
                self.lists.pop();
            }
            "pre" => {
                self.end_block();
                self.preformatted = self.preformatted.saturating_sub(1);
            }
            _ => self.end_block(),
        }
    }

    fn say(&mut self, text: &str) {
        if self.skipped.is_some() {
            return;
        }
        if self.preformatted > 0 {
            self.line.push_str(text);
        } else {
            self.line.extend(text.chars().map(|c| if c.is_ascii_whitespace() { ' ' } else { c }));
        }
    }

    /// Ends the block at hand; inside a table it is a line of the cell.
    fn end_block(&mut self) {
        if self.rows.is_some() {
            self.line.push('\n');
            return;
        }
        let line = std::mem::take(&mut self.line);
        match std::mem::take(&mut self.block) {
            Block::Paragraph => self.blocks.paragraph(&line),
            Block::Heading(level) => self.blocks.heading(level, &line),
            Block::Item => {
                let marker = match self.lists.last() {
                    Some(Some(count)) => format!("{count}."),
                    _ => "-".to_owned(),
                };
                self.blocks.item(self.lists.len().saturating_sub(1), &marker, &line);
            }
        }
    }

    fn end_cell(&mut self) {
        let Some(rows) = &mut self.rows else { return };
        let line = std::mem::take(&mut self.line);
        if let Some(cell) = rows.last_mut().and_then(|row| row.last_mut()) {
            cell.push_str(&line);
        } else if !line.trim().is_empty() {
            // A caption, or text that stands in a table but in no cell.
            self.blocks.paragraph(&line);
        }
    }

    fn end_table(&mut self) {
        self.end_cell();
        if let Some(rows) = self.rows.take() {
            self.blocks.table(&rows);
        }
    }
}

fn heading_level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', level @ b'1'..=b'6'] => Some(level - b'0'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn headings_lists_and_tables_stay_what_they_are() {
        let html = "<!doctype html><html><head><title>No</title><style>p { color: red }</style>
            </head><body><h1>Tea &amp; <em>coffee</em></h1><p>Two\n  lines,<br>one break.
            <ul><li>Sencha<ul><li>first flush</li></ul></li><li>Assam</ul>
            <ol><li>Boil<li>Pour</ol>
            <table><caption>Prices</caption><tr><th>Tea<th>Price<tr><td>Sencha<td>6&nbsp;€</table>
            <pre>a\nb</pre>after";
        assert_eq!(
            text(html),
            "# Tea & coffee\n\nTwo lines,\none break.\n\n- Sencha\n  - first flush\n- Assam\n\
             1. Boil\n2. Pour\n\nPrices\n\n| Tea | Price |\n|---|---|\n| Sencha | 6 € |\n\n\
             a\nb\n\nafter\n"
        );
    }

    #[test]
    fn scripts_and_what_is_not_shown_are_left_out() {
        let html = "<p>before<script>if (a < b) document.write('<p>evil</p>')</script> after</p>
            <noscript>turn it on</noscript><template><p>later</p></template>
            <svg><text>drawn</text></svg><!-- a comment --><style>p{}</style>";
        assert_eq!(text(html), "before after\n");
        assert_eq!(text("<head><title>x</title><body>y"), "y\n");
    }

    proptest! {
        #[test]
        fn no_page_panics(html in r"(</?(p|ul|li|table|tr|td|h2|pre|script|head|b)/?>|[a-z \n&;<>]{0,6}){0,80}") {
            text(&html);
        }
    }
}
