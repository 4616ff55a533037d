//! Images, files and voice messages: what is taken, and in which form it is kept.
//!
//! Nothing is kept as it came except PDF and sound, which nobody but the person's own programs
//! opens: images are written anew and text is UTF-8 afterwards.

mod kind;
mod name;
mod picture;

use std::time::Duration;

use cavuer_protocol::limits::{ATTACHMENT_BYTES, VOICE_BYTES, VOICE_SECONDS};
use cavuer_protocol::{AttachmentContent, AttachmentId, FieldProblem, Timestamp, notice};
use image::ImageFormat;
use tokio::sync::Semaphore;

use self::kind::{Kind, VoiceFormat};
use self::picture::{Picture, PictureRefused};
use crate::extraction::{Extractor, ReadError};
use cavuer_models::Image;
use cavuer_store::AttachmentKinds;
use cavuer_store::NewAttachment;
use cavuer_text::documents::Kind as DocumentKind;

/// How long an upload waits for its message, in milliseconds.
pub(crate) const UNSENT_MILLIS: i64 = 6 * 60 * 60 * 1_000;

/// Longest time for reading a document of a visitor, who waits for the answer.
const READING_TIME: Duration = Duration::from_secs(15);

const PDF: &str = "application/pdf";

/// Images that are decoded at the same time; each may need 200 MB.
static DECODING: Semaphore = Semaphore::const_new(2);

/// A file as it came.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Made by the client; a repeat gets the attachment stored first.
    pub id: AttachmentId,
    /// As the client sent it; it counts only for text, which has to be called `.txt`.
    pub name: String,
    /// As they came; more than [`ATTACHMENT_BYTES`] are refused.
    pub bytes: Vec<u8>,
    /// How long a voice message is, as the client says.
    pub seconds: u32,
}

/// Why a file was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UploadRefused {
    /// More than [`ATTACHMENT_BYTES`].
    TooLarge,
    /// Nothing that is taken here.
    WrongKind,
    /// Files, or voice messages, are not taken in this conversation.
    NotHere,
    /// Its content has to be mended.
    Invalid(FieldProblem),
    /// A fault of ours; the text is for the log.
    Failed(String),
}

/// Looks at a file and brings it into the form in which it is kept.
pub(crate) async fn accept(
    upload: Upload,
    takes: AttachmentKinds,
    now: Timestamp,
) -> Result<NewAttachment, UploadRefused> {
    if upload.bytes.len() > ATTACHMENT_BYTES {
        return Err(UploadRefused::TooLarge);
    }
    let permit = DECODING.acquire().await;
    let failed = |error: &dyn std::fmt::Display| UploadRefused::Failed(error.to_string());
    let _permit = permit.map_err(|error| failed(&error))?;
    let cleaned = tokio::task::spawn_blocking(move || clean(upload, takes, now)).await;
    cleaned.map_err(|error| failed(&error))?
}

/// A stored image as a model is shown it; `None` if it cannot be read.
pub(crate) async fn for_model(media_type: String, bytes: Vec<u8>) -> Option<Image> {
    let _permit = DECODING.acquire().await.ok()?;
    let shown = tokio::task::spawn_blocking(move || {
        let format = ImageFormat::from_mime_type(media_type)?;
        let Picture { format, bytes, .. } = picture::for_model(format, bytes).ok()?;
        Some(Image { media_type: format.to_mime_type().to_owned(), bytes: bytes.into() })
    });
    shown.await.ok()?
}

/// What a stored document says: nothing if it cannot be read, and `None` if that may be otherwise
/// later.
pub(crate) async fn text(extractor: &Extractor, media_type: &str, bytes: &[u8]) -> Option<String> {
    if media_type != PDF {
        return Some(String::from_utf8_lossy(bytes).into_owned());
    }
    let _permit = DECODING.acquire().await.ok()?;
    let extractor = Extractor { time: extractor.time.min(READING_TIME), ..extractor.clone() };
    match extractor.read(DocumentKind::Pdf, bytes, |_| {}).await {
        Ok(extracted) => Some(extracted.text),
        Err(ReadError::Document(error)) => {
            tracing::info!(%error, "a visitor's document cannot be read");
            Some(String::new())
        }
        Err(error) => {
            tracing::warn!(%error, "a visitor's document is not read");
            None
        }
    }
}

fn clean(
    upload: Upload,
    takes: AttachmentKinds,
    now: Timestamp,
) -> Result<NewAttachment, UploadRefused> {
    let Upload { id, name, bytes, seconds } = upload;
    let kind = kind::of(&name, &bytes).ok_or(UploadRefused::WrongKind)?;
    let is_taken = match kind {
        Kind::Voice(_) => takes.voice,
        Kind::Image(_) | Kind::Pdf | Kind::Text(_) => takes.files,
    };
    if !is_taken {
        return Err(UploadRefused::NotHere);
    }
    let (media_type, ending, content, bytes) = match kind {
        Kind::Image(format) => {
            let Picture { format, width, height, bytes } =
                picture::rewrite(format, &bytes).map_err(refused)?;
            let content = AttachmentContent::Image { width, height };
            (format.to_mime_type(), ending(format), content, bytes)
        }
        Kind::Pdf => (PDF, "pdf", AttachmentContent::File, bytes),
        Kind::Text(text) => {
            ("text/plain; charset=utf-8", "txt", AttachmentContent::File, text.into_bytes())
        }
        Kind::Voice(format) => {
            let (media_type, ending) = match format {
                VoiceFormat::WebM => ("audio/webm", "webm"),
                VoiceFormat::Ogg => ("audio/ogg", "ogg"),
                VoiceFormat::Mp4 => ("audio/mp4", "m4a"),
                VoiceFormat::Wav => ("audio/wav", "wav"),
            };
            // Of a second begun some clients count the whole.
            if seconds > VOICE_SECONDS + 1 || bytes.len() > VOICE_BYTES {
                return Err(UploadRefused::Invalid(FieldProblem::new(
                    "file",
                    notice::voice_too_long(),
                )));
            }
            let seconds = seconds.min(VOICE_SECONDS);
            (media_type, ending, AttachmentContent::Voice { seconds, transcript: None }, bytes)
        }
    };
    // Text in an older encoding and moving images may have grown.
    if bytes.len() > ATTACHMENT_BYTES {
        return Err(UploadRefused::TooLarge);
    }
    Ok(NewAttachment {
        id,
        name: name::shown(&name, ending),
        media_type: media_type.to_owned(),
        content,
        bytes,
        now,
    })
}

fn ending(format: ImageFormat) -> &'static str {
    match format {
        ImageFormat::Jpeg => "jpg",
        ImageFormat::Gif => "gif",
        _ => "png",
    }
}

fn refused(refused: PictureRefused) -> UploadRefused {
    let notice = match refused {
        PictureRefused::Damaged => notice::image_damaged(),
        PictureRefused::TooManyPixels => notice::image_too_many_pixels(),
    };
    UploadRefused::Invalid(FieldProblem::new("file", notice))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_grows_beyond_the_bound_is_refused() {
        let upload = |bytes: Vec<u8>| {
            let (id, name) = (AttachmentId::from_parts(0, &[0; 10]), "letter.txt".to_owned());
            clean(Upload { id, name, bytes, seconds: 0 }, TAKES, Timestamp(0))
        };
        const TAKES: AttachmentKinds = AttachmentKinds { files: true, voice: true };
        // Every sign takes two bytes in UTF-16, and three in UTF-8.
        let wide = |count: usize| {
            let mut bytes = vec![0xff, 0xfe];
            bytes.extend(std::iter::repeat_n([0x2d, 0x4e], count).flatten());
            bytes
        };
        let most = ATTACHMENT_BYTES / 3;
        assert_eq!(upload(wide(most)).unwrap().bytes.len(), most * 3);
        assert!(wide(most + 1).len() < ATTACHMENT_BYTES);
        assert_eq!(upload(wide(most + 1)).unwrap_err(), UploadRefused::TooLarge);
    }
}
