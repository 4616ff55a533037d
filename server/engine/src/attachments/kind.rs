//! What a file is, by its content. What its name or its sender says counts for nothing, except
//! that text, which has no mark of its own, must be called `.txt`.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;
use image::ImageFormat;

/// How far into a PDF its end mark may lie from the last byte (ISO 32000-1, annex H.3, note 18).
const PDF_END_BYTES: usize = 1_024;

/// The kinds of content that are taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Image(ImageFormat),
    Pdf,
    /// Text, in UTF-8 by now.
    Text(String),
    Voice(VoiceFormat),
}

/// What browsers record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum VoiceFormat {
    WebM,
    Ogg,
    Mp4,
    Wav,
}

/// Finds out what a file is; `None` if it is nothing that is taken.
pub(super) fn of(name: &str, bytes: &[u8]) -> Option<Kind> {
    let starts = |mark: &[u8]| bytes.starts_with(mark);
    let at = |offset: usize, mark: &[u8]| bytes.get(offset..).is_some_and(|b| b.starts_with(mark));
    if starts(b"\x89PNG\r\n\x1a\n") {
        return Some(Kind::Image(ImageFormat::Png));
    }
    if starts(b"\xff\xd8\xff") {
        return Some(Kind::Image(ImageFormat::Jpeg));
    }
    if starts(b"GIF87a") || starts(b"GIF89a") {
        return Some(Kind::Image(ImageFormat::Gif));
    }
    if starts(b"RIFF") && at(8, b"WEBP") {
        return Some(Kind::Image(ImageFormat::WebP));
    }
    if starts(b"RIFF") && at(8, b"WAVE") {
        return Some(Kind::Voice(VoiceFormat::Wav));
    }
    if starts(b"%PDF-") {
        return is_whole_pdf(bytes).then_some(Kind::Pdf);
    }
    // EBML's head names the kind of document within its first bytes.
    if starts(b"\x1a\x45\xdf\xa3") {
        let head = &bytes[..bytes.len().min(64)];
        let is_webm = head.windows(4).any(|word| word == b"webm");
        return is_webm.then_some(Kind::Voice(VoiceFormat::WebM));
    }
    if starts(b"OggS") {
        return Some(Kind::Voice(VoiceFormat::Ogg));
    }
    if at(4, b"ftyp") {
        return Some(Kind::Voice(VoiceFormat::Mp4));
    }
    let is_called_text =
        name.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("txt"));
    if is_called_text { text(bytes).map(Kind::Text) } else { None }
}

/// Whether it ends as a PDF does: what has been put behind one would be another file in disguise.
fn is_whole_pdf(bytes: &[u8]) -> bool {
    let tail = &bytes[bytes.len().saturating_sub(PDF_END_BYTES)..];
    tail.windows(5).any(|word| word == b"%%EOF")
}

/// The text, whatever its encoding; `None` if it has signs that no text has.
fn text(bytes: &[u8]) -> Option<String> {
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None => {
            let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
            detector.feed(bytes, true);
            detector.guess(None, Utf8Detection::Allow)
        }
    };
    let (text, _, is_damaged) = encoding.decode(bytes);
    let is_strange =
        text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'));
    (!is_damaged && !is_strange && !text.is_empty()).then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_not_decide() {
        let html = b"<!doctype html><script>alert(1)</script>";
        let svg = br#"<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>"#;
        for (name, bytes) in [
            ("photo.png", html.as_slice()),
            ("photo.jpg", svg),
            ("drawing.svg", svg),
            ("page.html", html),
            ("page", html),
            ("program.png", b"MZ\x90\0"),
            ("archive.pdf", b"PK\x03\x04"),
            ("late.pdf", b"junk %PDF-1.7 %%EOF"),
            ("empty.txt", b""),
            ("binary.txt", b"\x7fELF\x02\x01\x01\0\0"),
            ("video.webm", b"\x1a\x45\xdf\xa3\x93\x42\x82\x88matroska"),
        ] {
            assert_eq!(of(name, bytes), None, "{name}");
        }
        assert_eq!(of("page.html", b"GIF89a..."), Some(Kind::Image(ImageFormat::Gif)));
    }

    #[test]
    fn what_browsers_record_is_known() {
        for (bytes, format) in [
            (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm".as_slice(), VoiceFormat::WebM),
            (b"OggS\0\x02", VoiceFormat::Ogg),
            (b"\0\0\0\x20ftypM4A ", VoiceFormat::Mp4),
            (b"RIFF\x24\0\0\0WAVEfmt ", VoiceFormat::Wav),
        ] {
            assert_eq!(of("page.html", bytes), Some(Kind::Voice(format)), "{bytes:?}");
        }
        assert_eq!(of("voice.wav", b"RIFF\x24\0\0\0AVI LIST"), None);
    }

    #[test]
    fn a_pdf_begins_and_ends_as_one() {
        let whole = b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n".to_vec();
        assert_eq!(of("bill", &whole), Some(Kind::Pdf));
        let mut polyglot = whole;
        polyglot.extend(std::iter::repeat_n(b'x', PDF_END_BYTES + 1));
        assert_eq!(of("bill.pdf", &polyglot), None);
    }

    #[test]
    fn text_becomes_utf_8() {
        for bytes in [
            "Grüße".as_bytes(),
            b"Gr\xfc\xdfe",
            b"\xff\xfeG\0r\0\xfc\0\xdf\0e\0",
            b"\xef\xbb\xbfGr\xc3\xbc\xc3\x9fe",
        ] {
            assert_eq!(of("letter.TXT", bytes), Some(Kind::Text("Grüße".to_owned())), "{bytes:?}");
        }
    }
}
