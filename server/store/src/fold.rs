//! Searching text whatever its letter case. `LIKE` knows only the cases of ASCII in one engine, and
//! those of a locale in another.

/// A text to look for.
pub(crate) struct Needle(String);

impl Needle {
    pub(crate) fn new(text: &str) -> Self {
        Self(text.trim().to_lowercase())
    }

    /// Whether `text` contains it; every text contains the empty one.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        text.to_lowercase().contains(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letter_case_does_not_matter_in_any_script() {
        assert!(Needle::new("ДОСТАВКА").is_in("Цены и доставка"));
        assert!(Needle::new(" Straße ").is_in("STRAßE 1"));
        assert!(!Needle::new("retour").is_in("Delivery"));
    }

    #[test]
    fn signs_stand_for_themselves() {
        assert!(!Needle::new("%").is_in("a"));
        assert!(!Needle::new("a_c").is_in("abc"));
        assert!(Needle::new("100%").is_in("a 100% refund"));
        assert!(Needle::new("").is_in("anything"));
    }
}
