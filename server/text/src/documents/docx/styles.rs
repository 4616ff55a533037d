use std::collections::HashMap;

use quick_xml::events::Event;

use super::super::ExtractError;
use super::xml;

/// How long a chain of styles that are based on each other may be.
const CHAIN: usize = 20;

/// What a document's paragraph styles say that matters for text.
#[derive(Default)]
pub(super) struct Styles(HashMap<String, Style>);

/// One style; what is absent comes from the one it is based on.
#[derive(Clone, Default)]
pub(super) struct Style {
    based_on: Option<String>,
    /// Level of the heading that such a paragraph is, from 1.
    pub heading: Option<u8>,
    /// List and depth of the items that such paragraphs are.
    pub list: Option<(String, usize)>,
}

impl Styles {
    pub(super) fn read(xml: &str) -> Result<Self, ExtractError> {
        let mut styles = HashMap::new();
        let mut id = String::new();
        let mut style = Style::default();
        xml::each(xml, |event| {
            match event {
                Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                    "style" => {
                        id = xml::attribute(&tag, "styleId").unwrap_or_default();
                        style = Style::default();
                    }
                    "name" => {
                        let name = xml::value(&tag).unwrap_or_default().to_lowercase();
                        style.heading = heading_of_name(&name).or(style.heading);
                    }
                    "outlineLvl" => {
                        style.heading = xml::value(&tag).and_then(|l| outline_level(&l));
                    }
                    "basedOn" => style.based_on = xml::value(&tag),
                    "numId" => {
                        let list = xml::value(&tag).unwrap_or_default();
                        let depth = style.list.take().map_or(0, |(_, depth)| depth);
                        style.list = Some((list, depth));
                    }
                    "ilvl" => {
                        let depth = xml::value(&tag).and_then(|l| l.parse().ok()).unwrap_or(0);
                        let list = style.list.take().map_or_else(String::new, |(list, _)| list);
                        style.list = Some((list, depth));
                    }
                    _ => {}
                },
                Event::End(tag) if tag.local_name().as_ref() == "style" => {
                    styles.insert(std::mem::take(&mut id), std::mem::take(&mut style));
                }
                _ => {}
            }
            Ok(())
        })?;
        Ok(Self(styles))
    }

    /// A style with what it has from those it is based on.
    pub(super) fn get(&self, id: &str) -> Style {
        let mut found = Style::default();
        let mut next = self.0.get(id);
        for _ in 0..CHAIN {
            let Some(style) = next else { break };
            found.heading = found.heading.or(style.heading);
            found.list = found.list.or_else(|| style.list.clone());
            next = style.based_on.as_ref().and_then(|id| self.0.get(id));
        }
        found
    }
}

/// Word's built-in names are English in every language; the ids are not.
fn heading_of_name(name: &str) -> Option<u8> {
    match name {
        "title" => Some(1),
        "subtitle" => Some(2),
        _ => name.strip_prefix("heading ")?.parse().ok().filter(|level| (1..=6).contains(level)),
    }
}

/// Levels of outlines count from 0, and 9 means body text.
pub(super) fn outline_level(value: &str) -> Option<u8> {
    value.parse::<u8>().ok().filter(|level| *level < 6).map(|level| level + 1)
}
