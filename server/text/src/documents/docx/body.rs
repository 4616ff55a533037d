use std::collections::HashMap;

use quick_xml::events::{BytesStart, Event};

use super::super::text::Blocks;
use super::super::{ExtractError, plain};
use super::numbering::Numbering;
use super::styles::{Style, Styles, outline_level};
use super::xml;

/// Reads the paragraphs and tables of one part after the other.
pub(super) struct Reader<'s> {
    styles: &'s Styles,
    numbering: &'s Numbering,
    blocks: Blocks,
    paragraph: Paragraph,
    /// Where each level of each list has counted to.
    counted: HashMap<(String, usize), u32>,
    /// Rows of the outermost table; tables inside its cells count as their text.
    rows: Vec<Vec<String>>,
    tables: u32,
    /// Depth inside elements that repeat or replace what stands elsewhere.
    skipped: u32,
    in_text: bool,
}

#[derive(Default)]
struct Paragraph {
    text: String,
    style: Style,
    /// What the paragraph says itself comes before its style, in whatever order they stand.
    list: Option<(String, usize)>,
    heading: Option<u8>,
}

impl<'s> Reader<'s> {
    pub(super) fn new(styles: &'s Styles, numbering: &'s Numbering) -> Self {
        Self {
            styles,
            numbering,
            blocks: Blocks::default(),
            paragraph: Paragraph::default(),
            counted: HashMap::new(),
            rows: Vec::new(),
            tables: 0,
            skipped: 0,
            in_text: false,
        }
    }

    pub(super) fn read(&mut self, xml: &str) -> Result<(), ExtractError> {
        xml::each(xml, |event| {
            match event {
                Event::Start(tag) => self.open(&tag),
                Event::Empty(tag) => {
                    self.open(&tag);
                    self.close(tag.local_name().as_ref());
                }
                Event::End(tag) => self.close(tag.local_name().as_ref()),
                Event::Text(text) if self.in_text => self.say(&text.xml10_content()),
                Event::CData(text) if self.in_text => self.say(&text.xml10_content()),
                Event::GeneralRef(name) if self.in_text => {
                    let known = match name.resolve_char_ref() {
                        Ok(Some(c)) => Some(c.to_string()),
                        _ => quick_xml::escape::resolve_predefined_entity(&name).map(str::to_owned),
                    };
                    self.say(&known.unwrap_or_default());
                }
                _ => {}
            }
            Ok(())
        })
    }

    pub(super) fn finish(self) -> String {
        self.blocks.finish()
    }

    fn open(&mut self, tag: &BytesStart<'_>) {
        let name = tag.local_name();
        let name = name.as_ref();
        if self.skipped > 0 || is_skipped(name) {
            self.skipped += 1;
            return;
        }
        match name {
            "t" => self.in_text = true,
            "tab" | "ptab" => self.paragraph.text.push(' '),
            "br" | "cr" => self.paragraph.text.push('\n'),
            "noBreakHyphen" => self.paragraph.text.push('-'),
            "pStyle" => {
                self.paragraph.style = self.styles.get(&xml::value(tag).unwrap_or_default());
            }
            "outlineLvl" => {
                self.paragraph.heading = xml::value(tag).and_then(|l| outline_level(&l));
            }
            "ilvl" => {
                let depth = xml::value(tag).and_then(|l| l.parse().ok()).unwrap_or(0);
                let list = self.paragraph.list.take().unwrap_or_default().0;
                self.paragraph.list = Some((list, depth));
            }
            "numId" => {
                let list = xml::value(tag).unwrap_or_default();
                let depth = self.paragraph.list.take().unwrap_or_default().1;
                self.paragraph.list = Some((list, depth));
            }
            "tbl" => self.tables += 1,
            "tr" if self.tables == 1 => self.rows.push(Vec::new()),
            "tc" if self.tables == 1 => {
                if let Some(row) = self.rows.last_mut() {
                    row.push(String::new());
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        match name {
            "t" => self.in_text = false,
            "p" => self.end_paragraph(),
            "tbl" => {
                self.tables = self.tables.saturating_sub(1);
                if self.tables == 0 {
                    self.blocks.table(&std::mem::take(&mut self.rows));
                }
            }
            _ => {}
        }
    }

    fn say(&mut self, text: &str) {
        if self.skipped == 0 {
            self.paragraph.text.push_str(text);
        }
    }

    fn end_paragraph(&mut self) {
        let Paragraph { text, style, list, heading } = std::mem::take(&mut self.paragraph);
        let text = plain::clean(&text);
        if self.tables > 0 {
            if let Some(cell) = self.rows.last_mut().and_then(|row| row.last_mut()) {
                cell.push_str(&text);
                cell.push('\n');
            }
            return;
        }
        if text.is_empty() {
            return;
        }
        // The list 0 is no list.
        let list = list.or(style.list).filter(|(list, _)| list != "0");
        match (heading.or(style.heading), list) {
            (Some(level), _) => self.blocks.heading(level, &text),
            (None, Some((list, depth))) => {
                let marker = match self.numbering.first_number(&list, depth) {
                    Some(first) => format!("{}.", self.count(list, depth, first)),
                    None => "-".to_owned(),
                };
                self.blocks.item(depth, &marker, &text);
            }
            (None, None) => self.blocks.paragraph(&text),
        }
    }

    /// The next number on a level of a list; the levels below begin anew.
    fn count(&mut self, list: String, depth: usize, first: u32) -> u32 {
        self.counted.retain(|(of, level), _| *of != list || *level <= depth);
        let counted = self.counted.entry((list, depth)).or_insert(first.saturating_sub(1));
        *counted = counted.saturating_add(1);
        *counted
    }
}

/// Deleted text, the second version of a drawing for older programs, and code of fields.
fn is_skipped(name: &str) -> bool {
    matches!(
        name,
        "del" | "moveFrom" | "Fallback" | "instrText" | "delText" | "rPrChange" | "pPrChange"
    )
}
