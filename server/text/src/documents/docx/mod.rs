//! Text from Word documents (.docx): a ZIP archive with parts in XML.
//!
//! Only the parts that hold text are unpacked, up to a limit. Links to other places are never
//! followed, and entities that a document declares are never expanded.

mod body;
mod numbering;
mod package;
mod styles;
mod xml;

use cavuer_protocol::notice;

use super::{ExtractError, Extracted};
use numbering::Numbering;
use package::Package;
use styles::Styles;

/// The text of the document's body, with its foot- and endnotes at the end.
pub(super) fn extract(bytes: &[u8]) -> Result<Extracted, ExtractError> {
    let mut package = Package::open(bytes)?;
    let main = package.main_part()?;
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let beside = |name: &str| format!("{folder}/{name}").trim_start_matches('/').to_owned();
    let styles = match package.part(&beside("styles.xml"))? {
        Some(xml) => Styles::read(&xml)?,
        None => Styles::default(),
    };
    let numbering = match package.part(&beside("numbering.xml"))? {
        Some(xml) => Numbering::read(&xml)?,
        None => Numbering::default(),
    };
    let document =
        package.part(&main)?.ok_or_else(|| ExtractError::Damaged(notice::damaged_main_part()))?;
    let mut reader = body::Reader::new(&styles, &numbering);
    reader.read(&document)?;
    for notes in ["footnotes.xml", "endnotes.xml"] {
        if let Some(xml) = package.part(&beside(notes))? {
            reader.read(&xml)?;
        }
    }
    let mut notes = Vec::new();
    if package.has_outside_parts(&beside("_rels/document.xml.rels"))?
        || package.has_outside_parts(&beside("_rels/settings.xml.rels"))?
    {
        notes.push(notice::parts_from_elsewhere());
    }
    Ok(Extracted { text: reader.finish(), notes })
}
