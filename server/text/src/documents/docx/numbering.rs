use std::collections::HashMap;

use quick_xml::events::Event;

use super::super::ExtractError;
use super::xml;

/// Which lists of a document count their items.
#[derive(Default)]
pub(super) struct Numbering {
    /// The definition that a list has.
    lists: HashMap<String, String>,
    /// Format and first number of a definition's levels.
    levels: HashMap<(String, usize), Level>,
}

#[derive(Clone, Default)]
struct Level {
    is_numbered: bool,
    start: Option<u32>,
}

impl Numbering {
    pub(super) fn read(xml: &str) -> Result<Self, ExtractError> {
        let mut numbering = Self::default();
        let (mut definition, mut list, mut depth) = (String::new(), String::new(), 0_usize);
        xml::each(xml, |event| {
            let (Event::Start(tag) | Event::Empty(tag)) = event else { return Ok(()) };
            match tag.local_name().as_ref() {
                "abstractNum" => {
                    definition = xml::attribute(&tag, "abstractNumId").unwrap_or_default();
                }
                "lvl" => {
                    depth = xml::attribute(&tag, "ilvl").and_then(|l| l.parse().ok()).unwrap_or(0);
                }
                "numFmt" => {
                    let format = xml::value(&tag).unwrap_or_default();
                    let level = numbering.levels.entry((definition.clone(), depth)).or_default();
                    level.is_numbered = !matches!(format.as_str(), "bullet" | "none");
                }
                "start" => {
                    let level = numbering.levels.entry((definition.clone(), depth)).or_default();
                    level.start = xml::value(&tag).and_then(|start| start.parse().ok());
                }
                "num" => list = xml::attribute(&tag, "numId").unwrap_or_default(),
                "abstractNumId" => {
                    let definition = xml::value(&tag).unwrap_or_default();
                    numbering.lists.insert(list.clone(), definition);
                }
                _ => {}
            }
            Ok(())
        })?;
        Ok(numbering)
    }

    /// The first number of a list's level; `None` if its items have no numbers.
    pub(super) fn first_number(&self, list: &str, depth: usize) -> Option<u32> {
        let definition = self.lists.get(list)?;
        let level = self.levels.get(&(definition.clone(), depth))?;
        level.is_numbered.then(|| level.start.unwrap_or(1))
    }
}
