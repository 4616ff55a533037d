use std::io::{Cursor, Read};

use cavuer_protocol::notice;
use quick_xml::events::Event;
use zip::ZipArchive;
use zip::result::ZipError;

use super::super::ExtractError;
use super::xml;

/// Most bytes that one part may unpack to. A novel has about 5 MB of XML.
const PART_BYTES: u64 = 64 * 1024 * 1024;
/// Most bytes that all parts that are read may unpack to.
const ALL_BYTES: u64 = 96 * 1024 * 1024;
/// Most files in the archive.
const FILES: usize = 20_000;

/// The archive that a document is.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Bytes that may still be unpacked.
    left: u64,
}

impl<'a> Package<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, ExtractError> {
        let archive = ZipArchive::new(Cursor::new(bytes))
            .map_err(|_| ExtractError::Damaged(notice::damaged_or_no_word()))?;
        if archive.len() > FILES {
            return Err(ExtractError::Bomb);
        }
        Ok(Self { archive, left: ALL_BYTES })
    }

    /// The name of the part with the document's body, as the package says.
    pub(super) fn main_part(&mut self) -> Result<String, ExtractError> {
        let has_macros = self.archive.file_names().flatten().any(|name| {
            let name = name.to_ascii_lowercase();
            name.ends_with("vbaproject.bin") || name.ends_with("vbadata.xml")
        });
        let types = self.part("[Content_Types].xml")?;
        if has_macros || types.as_ref().is_some_and(|types| types.contains("macroEnabled")) {
            return Err(ExtractError::Macros);
        }
        let relations = self.part("_rels/.rels")?.unwrap_or_default();
        let mut main = None;
        for relation in relations_of(&relations)? {
            if relation.kind.ends_with("/officeDocument") && !relation.is_outside {
                main = Some(relation.target.trim_start_matches('/').to_owned());
            }
        }
        let main = main.unwrap_or_else(|| "word/document.xml".to_owned());
        if self.archive.index_for_name(&main).is_none() || !main.contains("document") {
            return Err(ExtractError::Misnamed {
                named: ".docx".to_owned(),
                inside: notice::inside_no_word(),
                remedy: notice::remedy_check_file(),
            });
        }
        Ok(main)
    }

    /// A part's XML; `None` if there is no such part.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<String>, ExtractError> {
        let file = match self.archive.by_name(name) {
            Ok(file) => file,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(ZipError::UnsupportedArchive(why)) if why.contains("assword") => {
                return Err(ExtractError::Encrypted);
            }
            Err(_) => return Err(ExtractError::Damaged(notice::damaged_part())),
        };
        let most = self.left.min(PART_BYTES);
        let mut bytes = Vec::new();
        file.take(most + 1)
            .read_to_end(&mut bytes)
            .map_err(|_| ExtractError::Damaged(notice::damaged_part()))?;
        let unpacked = bytes.len() as u64;
        if unpacked > most {
            return Err(ExtractError::Bomb);
        }
        self.left -= unpacked;
        xml::decode(bytes).map(Some)
    }

    /// Whether the relations in a part load anything but links from somewhere else.
    pub(super) fn has_outside_parts(&mut self, name: &str) -> Result<bool, ExtractError> {
        let Some(relations) = self.part(name)? else { return Ok(false) };
        let relations = relations_of(&relations)?;
        Ok(relations
            .iter()
            .any(|relation| relation.is_outside && !relation.kind.ends_with("/hyperlink")))
    }
}

struct Relation {
    kind: String,
    target: String,
    is_outside: bool,
}

fn relations_of(xml: &str) -> Result<Vec<Relation>, ExtractError> {
    let mut relations = Vec::new();
    xml::each(xml, |event| {
        if let Event::Start(tag) | Event::Empty(tag) = event
            && tag.local_name().as_ref() == "Relationship"
        {
            relations.push(Relation {
                kind: xml::attribute(&tag, "Type").unwrap_or_default(),
                target: xml::attribute(&tag, "Target").unwrap_or_default(),
                is_outside: xml::attribute(&tag, "TargetMode").as_deref() == Some("External"),
            });
        }
        Ok(())
    })?;
    Ok(relations)
}
