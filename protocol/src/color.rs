//! How well a colour can be read, by the contrast of WCAG 2.2.

/// An sRGB colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color {
    red: u8,
    green: u8,
    blue: u8,
}

impl Color {
    /// `#000000`.
    pub const BLACK: Self = Self { red: 0, green: 0, blue: 0 };
    /// `#ffffff`.
    pub const WHITE: Self = Self { red: 255, green: 255, blue: 255 };

    /// Reads `#rrggbb`, in either letter case and with white space around it.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim().strip_prefix('#')?;
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let value = u32::from_str_radix(digits, 16).ok()?;
        let [_, red, green, blue] = value.to_be_bytes();
        Some(Self { red, green, blue })
    }

    /// `#rrggbb` in lower case.
    pub fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }

    /// Contrast ratio, 1 to 21.
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// Black or white, whichever can be read better on it, and their contrast.
    pub fn text_on_it(self) -> (Self, f64) {
        let (black, white) = (self.contrast(Self::BLACK), self.contrast(Self::WHITE));
        if white >= black { (Self::WHITE, white) } else { (Self::BLACK, black) }
    }

    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_six_hex_digits_are_a_colour() {
        assert_eq!(Color::parse(" #4F46e5 ").unwrap().hex(), "#4f46e5");
        for wrong in
            ["", "4f46e5", "#4f46e", "#4f46e55", "#+f46e5", "#4f46é", "#4f46eg", "#fff", "red"]
        {
            assert_eq!(Color::parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn text_takes_the_better_of_black_and_white() {
        assert_eq!(Color::BLACK.text_on_it(), (Color::WHITE, 21.0));
        for (background, text) in [
            ("#000000", "#ffffff"),
            ("#ffffff", "#000000"),
            ("#4f46e5", "#ffffff"),
            ("#ffd400", "#000000"),
            ("#808080", "#000000"),
        ] {
            let color = Color::parse(background).unwrap();
            assert_eq!(color.text_on_it().0.hex(), text, "{background}");
        }
        assert!(Color::parse("#ffee00").unwrap().contrast(Color::WHITE) < 3.0);
    }
}
