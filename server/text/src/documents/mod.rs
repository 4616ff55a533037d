//! Text from documents.
//!
//! Headings come out as Markdown headings, list items and table rows as Markdown writes them, and
//! where a document has pages, a line `[Page 3]` stands in front of what is on page 3 (see
//! [`crate::passages::pages`]). So the text can be read and edited, and passages know where they come from.
//!
//! Documents come from anybody, so the server has them read by a process of its own: whatever a
//! file does to its reader, the server goes on.

mod docx;
mod error;
mod html;
mod kind;
mod pdf;
mod plain;
mod text;

pub use error::ExtractError;
pub use kind::Kind;
pub use plain::clean;

use cavuer_protocol::Notice;
use cavuer_protocol::limits::ARTICLE_BYTES;

/// What a document says.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Extracted {
    /// With unified line ends and nothing around it; never empty, at most
    /// [`ARTICLE_BYTES`] long.
    pub text: String,
    /// What the reader of the article should know about it: what could not be read, and what was
    /// left alone.
    pub notes: Vec<Notice>,
}

/// Reads a document, and tells `progress` from time to time how much of it is done, from 0 to 1.
///
/// # Errors
/// See [`ExtractError`].
pub fn extract(
    kind: Kind,
    bytes: &[u8],
    progress: &mut dyn FnMut(f32),
) -> Result<Extracted, ExtractError> {
    let mut extracted = match kind {
        Kind::Text => Extracted { text: plain::decode(bytes)?, notes: Vec::new() },
        Kind::Html => Extracted { text: html::text(&plain::decode(bytes)?), notes: Vec::new() },
        Kind::Docx => docx::extract(bytes)?,
        Kind::Pdf => pdf::extract(bytes, progress)?,
    };
    extracted.text = clean(&extracted.text);
    if extracted.text.len() > ARTICLE_BYTES {
        return Err(ExtractError::TooMuchText);
    }
    if !crate::passages::pages::has_text(&extracted.text) {
        return Err(ExtractError::Empty);
    }
    Ok(extracted)
}
