//! Text from uploaded files.

use cavuer_protocol::limits::ARTICLE_BYTES;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Why a file cannot become an article, in words for the person who uploaded it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExtractError {
    #[error("The file is larger than {} MB. Split it into smaller articles.", ARTICLE_BYTES / 1024 / 1024)]
    TooLarge,
    #[error("There is no text in this file. Check that it is the right one.")]
    Empty,
    #[error("{0} files are not taken for now. Save it as plain text (.txt) and upload that.")]
    OtherKind(String),
    #[error(
        "This is not a text file, although its name ends in .txt. Save it as plain text and upload that."
    )]
    Binary,
    #[error(
        "The text is damaged: its encoding says {0}, but parts of it cannot be read. Save it as UTF-8 and upload it again."
    )]
    Damaged(&'static str),
}

/// The text of an uploaded file, with unified line ends and nothing around it.
///
/// Text is taken in UTF-8, in UTF-16 with its byte order mark, and in the older encoding that
/// its bytes look like, Windows-1252 if they look like none.
///
/// # Errors
/// See [`ExtractError`]; the messages are for people.
pub fn text_of_file(file_name: &str, bytes: &[u8]) -> Result<String, ExtractError> {
    text_within(ARTICLE_BYTES, file_name, bytes)
}

fn text_within(limit: usize, file_name: &str, bytes: &[u8]) -> Result<String, ExtractError> {
    require_txt(file_name)?;
    if bytes.len() > limit {
        return Err(ExtractError::TooLarge);
    }
    let text = clean(&decode(bytes)?);
    // Text in an older encoding has more bytes in UTF-8 than in the file.
    if text.len() > limit {
        return Err(ExtractError::TooLarge);
    }
    if text.is_empty() { Err(ExtractError::Empty) } else { Ok(text) }
}

/// Typed or decoded text as it is kept: line ends unified, control characters and byte order
/// marks gone, no white space around it or at the ends of lines.
pub fn clean(text: &str) -> String {
    let unified =
        text.replace("\r\n", "\n").replace(['\r', '\u{85}', '\u{2028}', '\u{2029}', '\u{c}'], "\n");
    let kept: String = unified
        .chars()
        .filter(|c| matches!(c, '\n' | '\t') || !(c.is_control() || *c == '\u{feff}'))
        .collect();
    let lines: Vec<&str> = kept.lines().map(str::trim_end).collect();
    lines.join("\n").trim().to_owned()
}

fn require_txt(file_name: &str) -> Result<(), ExtractError> {
    match file_name.rsplit_once('.') {
        Some((_, ending)) if ending.eq_ignore_ascii_case("txt") => Ok(()),
        Some((_, ending)) if (1..=8).contains(&ending.chars().count()) => {
            let ending: String = ending.chars().filter(|c| c.is_alphanumeric()).collect();
            Err(ExtractError::OtherKind(format!(".{}", ending.to_lowercase())))
        }
        _ => Err(ExtractError::OtherKind("Such".to_owned())),
    }
}

fn decode(bytes: &[u8]) -> Result<String, ExtractError> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]);
        let text = text.ok_or(ExtractError::Damaged(encoding.name()))?;
        let is_wide = encoding == UTF_16LE || encoding == UTF_16BE;
        return if is_wide || !is_binary(bytes) {
            Ok(text.into_owned())
        } else {
            Err(ExtractError::Binary)
        };
    }
    if is_binary(bytes) {
        return Err(ExtractError::Binary);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guessed = detector.guess(None, Utf8Detection::Allow);
    let text = guessed.decode_without_bom_handling_and_without_replacement(bytes);
    let (text, _) = match text {
        Some(text) => (text, false),
        None => WINDOWS_1252.decode_without_bom_handling(bytes),
    };
    Ok(text.into_owned())
}

/// Whether bytes hold what no text has: NUL, or the control characters that neither separate nor
/// were ever used in text files.
fn is_binary(bytes: &[u8]) -> bool {
    bytes.starts_with(b"%PDF-")
        || bytes.starts_with(b"PK\x03\x04")
        || bytes.iter().any(|byte| matches!(byte, 0..=8 | 14..=25 | 28..=31))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(bytes: &[u8]) -> Result<String, ExtractError> {
        text_of_file("a.TXT", bytes)
    }

    #[test]
    fn the_usual_encodings_are_read() {
        assert_eq!(text("Größe 4 €".as_bytes()).unwrap(), "Größe 4 €");
        assert_eq!(text(b"\xef\xbb\xbfa\r\nb\r\n").unwrap(), "a\nb");
        assert_eq!(text(b"\xff\xfeG\0r\0\xf6\0").unwrap(), "Grö");
        assert_eq!(text(b"\xfe\xff\0G\0r\0\xf6").unwrap(), "Grö");
        let windows_1252 = b"Unsere \xd6ffnungszeiten: t\xe4glich f\xfcr Sie da";
        assert_eq!(text(windows_1252).unwrap(), "Unsere Öffnungszeiten: täglich für Sie da");
        let (windows_1251, _, _) =
            encoding_rs::WINDOWS_1251.encode("Доставка занимает два дня, возврат бесплатный.");
        assert_eq!(text(&windows_1251).unwrap(), "Доставка занимает два дня, возврат бесплатный.");
    }

    #[test]
    fn what_is_no_text_is_refused_with_a_remedy() {
        assert_eq!(text(b"a\0b"), Err(ExtractError::Binary));
        assert_eq!(text(b"%PDF-1.7 x"), Err(ExtractError::Binary));
        assert_eq!(text(b" \r\n\t "), Err(ExtractError::Empty));
        assert_eq!(text(b""), Err(ExtractError::Empty));
        assert_eq!(text(b"\xff\xfe\x00\xd8a\0"), Err(ExtractError::Damaged("UTF-16LE")));
        assert_eq!(text(&vec![b'a'; ARTICLE_BYTES + 1]), Err(ExtractError::TooLarge));
        assert_eq!(text_within(5, "a.txt", b"caf\xe9s"), Err(ExtractError::TooLarge));
        assert_eq!(text_within(6, "a.txt", b"caf\xe9s").unwrap(), "cafés");
        let pdf = text_of_file("Prices.PDF", b"x").unwrap_err();
        assert_eq!(
            pdf.to_string(),
            ".pdf files are not taken for now. Save it as plain text (.txt) and upload that."
        );
        assert!(text_of_file("prices", b"x").is_err());
        assert!(text_of_file("", b"x").is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_panic(name in any::<String>(), bytes in any::<Vec<u8>>()) {
            let _ = text_of_file(&name, &bytes);
            if let Ok(text) = text_of_file("a.txt", &bytes) {
                prop_assert!(!text.is_empty() && !text.contains(['\0', '\r']));
            }
        }
    }
}
