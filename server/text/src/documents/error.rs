use std::fmt;

use cavuer_protocol::limits::ARTICLE_BYTES;
use cavuer_protocol::notice::{self, Notice};
use serde::{Deserialize, Serialize};

/// Why a file cannot become an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExtractError {
    /// More bytes than [`ARTICLE_BYTES`].
    TooLarge,
    /// More bytes of text than [`ARTICLE_BYTES`].
    TooMuchText,
    /// No bytes, or no visible text in them.
    Empty,
    /// The file's name ends in this, with its dot; empty where it has no ending.
    OtherKind(String),
    /// It is called a text file and is none.
    Binary,
    /// Its first bytes are those of another kind than its name says.
    Misnamed {
        /// The ending, with its dot.
        named: String,
        /// What it begins like, such as "a PDF": the end of a sentence.
        inside: Notice,
        /// What to do about it, in a sentence of its own.
        remedy: Notice,
    },
    /// The name of the encoding that it does not keep to.
    Encoding(String),
    /// In what way.
    Damaged(Notice),
    /// Pictures of pages, and no text.
    Scan,
    /// A PDF with text, whose fonts do not say which letters their signs stand for.
    UnknownLetters,
    /// A password is needed to read it.
    Encrypted,
    /// A Word document with programs in it, which are not read and not run.
    Macros,
    /// It unpacks to far more than a document of its size should.
    Bomb,
    /// Most pages.
    TooManyPages(usize),
    /// Most seconds.
    TooSlow(u64),
    /// The process that read it wanted more memory than it may have.
    TooMuchMemory,
    /// The process that read it ended without an answer, or the format is broken in no known way.
    Unreadable,
}

impl ExtractError {
    /// For the person who uploaded it, with what to do.
    pub fn notice(&self) -> Notice {
        const MOST: usize = ARTICLE_BYTES / 1024 / 1024;
        match self {
            Self::TooLarge => notice::file_too_large(MOST),
            Self::TooMuchText => notice::too_much_text(MOST),
            Self::Empty => notice::no_text_in_file(),
            Self::OtherKind(ending) if ending.is_empty() => notice::kind_unknown(),
            Self::OtherKind(ending) => notice::kind_not_taken(ending),
            Self::Binary => notice::not_a_text_file(),
            Self::Misnamed { named, inside, remedy } => {
                notice::file_misnamed(named, inside.clone(), remedy.clone())
            }
            Self::Encoding(name) => notice::text_damaged(name),
            Self::Damaged(what) => notice::file_damaged(what.clone()),
            Self::Scan => notice::pdf_of_pictures(),
            Self::UnknownLetters => notice::pdf_letters_unknown(),
            Self::Encrypted => notice::document_encrypted(),
            Self::Macros => notice::document_with_macros(),
            Self::Bomb => notice::document_unpacks_too_far(),
            Self::TooManyPages(most) => notice::too_many_pages(*most),
            Self::TooSlow(seconds) => notice::document_too_slow(*seconds),
            Self::TooMuchMemory => notice::document_too_much_memory(),
            Self::Unreadable => notice::document_unreadable(),
        }
    }
}

impl fmt::Display for ExtractError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.notice().fmt(f)
    }
}

impl std::error::Error for ExtractError {}
