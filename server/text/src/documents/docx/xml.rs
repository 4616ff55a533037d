//! Reading a part's XML event by event.

use cavuer_protocol::notice;
use encoding_rs::Encoding;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::super::ExtractError;

/// How deep elements may be nested.
const DEPTH: u32 = 1_000;

/// The text of a part: UTF-8, or UTF-16 with its mark.
pub(super) fn decode(bytes: Vec<u8>) -> Result<String, ExtractError> {
    match Encoding::for_bom(&bytes) {
        Some((encoding, mark)) => encoding
            .decode_without_bom_handling_and_without_replacement(&bytes[mark..])
            .map(std::borrow::Cow::into_owned),
        None => String::from_utf8(bytes).ok(),
    }
    .ok_or_else(|| ExtractError::Damaged(notice::damaged_encoding()))
}

/// Calls back for each event. Declarations of entities are refused, so there is nothing that a
/// small file could grow from.
pub(super) fn each<'a>(
    xml: &'a str,
    mut on_event: impl FnMut(Event<'a>) -> Result<(), ExtractError>,
) -> Result<(), ExtractError> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let mut depth = 0;
    loop {
        let event =
            reader.read_event().map_err(|_| ExtractError::Damaged(notice::damaged_xml()))?;
        match event {
            Event::Eof => return Ok(()),
            Event::DocType(_) => return Err(ExtractError::Damaged(notice::damaged_declarations())),
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
        if depth > DEPTH {
            return Err(ExtractError::Damaged(notice::damaged_nesting()));
        }
        on_event(event)?;
    }
}

/// An attribute by its local name.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    tag.attributes()
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name)
        .and_then(|attribute| attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok())
        .map(std::borrow::Cow::into_owned)
}

/// The attribute `w:val`.
pub(super) fn value(tag: &BytesStart<'_>) -> Option<String> {
    attribute(tag, "val")
}
