use cavuer_protocol::limits::ARTICLE_BYTES;
use serde::{Deserialize, Serialize};

/// Why a file cannot become an article, in words for the person who uploaded it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum ExtractError {
    #[error("The file is larger than {} MB. Split it into smaller articles.", ARTICLE_BYTES / 1024 / 1024)]
    TooLarge,
    #[error("The document holds more than {} MB of text. Split it into smaller articles.", ARTICLE_BYTES / 1024 / 1024)]
    TooMuchText,
    #[error("There is no text in this file. Check that it is the right one.")]
    Empty,
    #[error(
        "{0} files are not taken. Save it as PDF, Word document (.docx), Markdown, HTML or plain text, and upload that."
    )]
    OtherKind(String),
    #[error(
        "This is not a text file, although its name says so. Save it as plain text and upload that."
    )]
    Binary,
    #[error("The file's name ends in {named}, but inside it is {inside}. {remedy}")]
    Misnamed { named: String, inside: String, remedy: String },
    #[error(
        "The text is damaged: its encoding says {0}, but parts of it cannot be read. Save it as UTF-8 and upload it again."
    )]
    Encoding(String),
    #[error("The file is damaged: {0}. Export it again from the program that made it.")]
    Damaged(String),
    #[error(
        "The PDF holds pictures of pages, as a scanner makes them, and no text. Run text recognition (OCR) over it and upload the result."
    )]
    Scan,
    #[error(
        "The PDF does not say which letters its signs stand for, so its text cannot be read. Export it again with embedded fonts, or upload the document that it was made from."
    )]
    UnknownLetters,
    #[error(
        "The document is protected with a password. Save a copy without a password and upload that."
    )]
    Encrypted,
    #[error(
        "The document contains macros, which are programs. Save it as an ordinary Word document (.docx) without macros and upload that."
    )]
    Macros,
    #[error(
        "The file unpacks to far more than a document of this size should. Export it again from the program that made it."
    )]
    Bomb,
    #[error("The document has more than {0} pages. Split it into smaller articles.")]
    TooManyPages(usize),
    #[error(
        "Reading the document took longer than {0} seconds. Split it into smaller ones, or save it as plain text."
    )]
    TooSlow(u64),
    #[error(
        "Reading the document takes more memory than is allowed. Split it into smaller ones, or save it as plain text."
    )]
    TooMuchMemory,
    #[error(
        "The document cannot be read; something in it is not as the format demands. Export it again from the program that made it, or save it as plain text."
    )]
    Unreadable,
}
