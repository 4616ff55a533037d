//! Readable text on the owner's colour.

/// Black or white, whichever has the higher contrast on a `#rrggbb` background (WCAG 2.2, contrast
/// ratio). What is not a colour counts as black.
pub fn readable_on(background: &str) -> &'static str {
    let luminance = luminance(background);
    let with_white = 1.05 / (luminance + 0.05);
    let with_black = (luminance + 0.05) / 0.05;
    if with_white >= with_black { "#ffffff" } else { "#000000" }
}

/// Whether the text is `#` and six hex digits.
pub fn is_color(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Relative luminance, 0 to 1.
fn luminance(color: &str) -> f64 {
    let channel = |at: usize| {
        let byte = color.get(at..at + 2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let part = f64::from(byte.unwrap_or(0)) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_light_on_dark_and_dark_on_light() {
        for (background, text) in [
            ("#000000", "#ffffff"),
            ("#ffffff", "#000000"),
            ("#4f46e5", "#ffffff"),
            ("#ffd400", "#000000"),
            ("#808080", "#000000"),
            ("nonsense", "#ffffff"),
        ] {
            assert_eq!(readable_on(background), text, "{background}");
        }
    }

    #[test]
    fn only_six_digits_are_a_color() {
        assert!(is_color("#4F46e5"));
        for other in ["4f46e5", "#4f46e", "#4f46e55", "#4f46eg", "", "#fff", "red"] {
            assert!(!is_color(other), "{other}");
        }
    }
}
