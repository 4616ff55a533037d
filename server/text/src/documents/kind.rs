use cavuer_protocol::notice;

use super::{ExtractError, plain};

/// The kinds of documents that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Plain text, and Markdown, which is text that reads well as it is.
    Text,
    /// A web page, of which the text is read with its headings, lists and tables.
    Html,
    /// Word since 2007, without macros.
    Docx,
    /// With text in it; pages that are pictures are left out.
    Pdf,
}

const ENDINGS: [(&str, Kind); 8] = [
    ("txt", Kind::Text),
    ("text", Kind::Text),
    ("md", Kind::Text),
    ("markdown", Kind::Text),
    ("html", Kind::Html),
    ("htm", Kind::Html),
    ("docx", Kind::Docx),
    ("pdf", Kind::Pdf),
];

impl Kind {
    /// The kind of an uploaded file, by its name; what it begins with has to agree.
    ///
    /// # Errors
    /// When the kind is not taken, or name and content disagree.
    pub fn of_file(file_name: &str, bytes: &[u8]) -> Result<Self, ExtractError> {
        let ending = ending(file_name);
        let known = ENDINGS.iter().find(|(known, _)| *known == ending);
        let Some((_, kind)) = known else {
            let named = if ending.is_empty() { ending } else { format!(".{ending}") };
            return Err(ExtractError::OtherKind(named));
        };
        let inside = Inside::of(bytes);
        let agrees = match kind {
            Self::Pdf => inside == Inside::Pdf,
            Self::Docx => inside == Inside::Zip,
            Self::Text | Self::Html => {
                inside == Inside::Other && !plain::is_binary(bytes) || plain::has_mark(bytes)
            }
        };
        if bytes.is_empty() {
            Err(ExtractError::Empty)
        } else if agrees {
            Ok(*kind)
        } else {
            Err(inside.disagrees(*kind, &ending))
        }
    }

    /// Its name on the command line of the process that reads it.
    pub fn argument(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Html => "html",
            Self::Docx => "docx",
            Self::Pdf => "pdf",
        }
    }

    /// The kind that [`Self::argument`] calls so.
    pub fn of_argument(word: &str) -> Option<Self> {
        let mut kinds = ENDINGS.iter().map(|(_, kind)| *kind);
        kinds.find(|kind| kind.argument() == word)
    }
}

/// What a file's first bytes say that it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Pdf,
    /// Also what Word documents, spreadsheets and presentations are packed in.
    Zip,
    /// Office documents before 2007, and those of today with a password.
    Ole,
    Other,
}

impl Inside {
    fn of(bytes: &[u8]) -> Self {
        // Readers of PDF accept a little before the beginning, and some producers write it.
        let head = &bytes[..bytes.len().min(1024)];
        if head.windows(5).any(|window| window == b"%PDF-") {
            Self::Pdf
        } else if bytes.starts_with(b"PK\x03\x04") {
            Self::Zip
        } else if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
            Self::Ole
        } else {
            Self::Other
        }
    }

    fn disagrees(self, kind: Kind, ending: &str) -> ExtractError {
        let (inside, remedy) = match (self, kind) {
            (Self::Ole, Kind::Docx) => {
                (notice::inside_word_with_password(), notice::remedy_save_without_password())
            }
            (Self::Pdf, _) => (notice::inside_pdf(), notice::remedy_call_it_pdf()),
            (Self::Zip, _) => (notice::inside_packed(), notice::remedy_call_it_docx()),
            (Self::Ole, _) => (notice::inside_older_office(), notice::remedy_save_as_docx()),
            (Self::Other, Kind::Text | Kind::Html) => return ExtractError::Binary,
            (Self::Other, Kind::Pdf) => (notice::inside_no_pdf(), notice::remedy_export_again()),
            (Self::Other, Kind::Docx) => (notice::inside_no_word(), notice::remedy_export_again()),
        };
        ExtractError::Misnamed { named: format!(".{ending}"), inside, remedy }
    }
}

/// What follows the last dot, in lower case; empty where nothing sensible does.
fn ending(file_name: &str) -> String {
    match file_name.rsplit_once('.') {
        Some((_, ending)) if (1..=8).contains(&ending.chars().count()) => {
            ending.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase()
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_decides_and_the_content_has_to_agree() {
        let of = |name: &str, bytes: &[u8]| Kind::of_file(name, bytes);
        assert_eq!(of("Prices.TXT", b"Tea: 4"), Ok(Kind::Text));
        assert_eq!(of("notes.md", b"# Tea"), Ok(Kind::Text));
        assert_eq!(of("page.htm", b"<p>Tea"), Ok(Kind::Html));
        assert_eq!(of("a.b.pdf", b"\n%PDF-1.7\n"), Ok(Kind::Pdf));
        assert_eq!(of("a.docx", b"PK\x03\x04rest"), Ok(Kind::Docx));
        assert_eq!(of("wide.txt", b"\xff\xfeT\0e\0"), Ok(Kind::Text));

        let says = |name: &str, bytes: &[u8]| of(name, bytes).unwrap_err().to_string();
        assert!(says("a.exe", b"MZ").starts_with(".exe files are not taken"));
        assert!(says("a.d\u{0}oc", b"x").starts_with(".doc files"));
        for name in ["noending", "a.", "a.averylongending"] {
            assert!(says(name, b"x").starts_with("Such files"), "{name}");
        }
        assert_eq!(of("a.pdf", b""), Err(ExtractError::Empty));
        assert!(says("a.txt", b"%PDF-1.7").contains("ending .pdf"));
        assert!(says("a.pdf", b"PK\x03\x04").contains("packed file"));
        assert!(says("a.pdf", b"Tea").contains("no PDF"));
        assert!(says("a.docx", b"%PDF-1.7").contains("a PDF"));
        assert!(says("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1").contains("password"));
        assert_eq!(of("a.txt", b"\x7fELF\x02\x01\x01\0\0"), Err(ExtractError::Binary));
    }
}
