use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::ExtractError;

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

/// Text in UTF-8, in UTF-16 with its byte order mark, or in the older encoding that its bytes
/// look like, Windows-1252 if they look like none.
pub(super) fn decode(bytes: &[u8]) -> Result<String, ExtractError> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]);
        let text = text.ok_or(ExtractError::Encoding(encoding.name().to_owned()))?;
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
pub(super) fn is_binary(bytes: &[u8]) -> bool {
    bytes.starts_with(b"%PDF-")
        || bytes.starts_with(b"PK\x03\x04")
        || bytes.iter().any(|byte| matches!(byte, 0..=8 | 14..=25 | 28..=31))
}

/// Whether it begins with a byte order mark.
pub(super) fn has_mark(bytes: &[u8]) -> bool {
    Encoding::for_bom(bytes).is_some()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(bytes: &[u8]) -> Result<String, ExtractError> {
        decode(bytes).map(|text| clean(&text))
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
        assert_eq!(text(b" \r\n\t ").unwrap(), "");
        let damaged = text(b"\xff\xfe\x00\xd8a\0").unwrap_err();
        assert_eq!(damaged, ExtractError::Encoding("UTF-16LE".to_owned()));
        assert!(damaged.to_string().contains("Save it as UTF-8"));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in any::<Vec<u8>>()) {
            if let Ok(text) = text(&bytes) {
                prop_assert!(!text.contains(['\0', '\r']));
            }
        }
    }
}
