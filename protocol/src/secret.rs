//! Values that must never be printed.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A key, a password or a token. Its `Debug` shows nothing of it, and there is no `Display`:
/// whoever needs the value says so with [`Secret::expose`]. It crosses the wire as a plain string,
/// in the few requests and answers that exist for that.
///
/// Comparing is for two values of our own; it takes a time that depends on them.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a value exactly as it is: a password may begin or end with a space.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// Without the white space around it, which is a slip of copying a key.
    #[must_use]
    pub fn trimmed(&self) -> Self {
        Self(self.0.trim().to_owned())
    }

    /// The value itself, for the one place that has to use it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The value itself, for whoever keeps it from here on.
    pub fn into_exposed(self) -> String {
        self.0
    }

    /// Whether there is nothing in it, as with a variable that is set to nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Where the value begins at the end of `text`, which was cut there; the length of `text` if it
    /// does not.
    pub fn begun_at(&self, text: &str) -> usize {
        let mut ends = self.0.char_indices().map(|(at, _)| at).rev();
        text.len() - ends.find(|end| text.ends_with(&self.0[..*end])).unwrap_or_default()
    }

    /// `text` with every occurrence of the value replaced.
    pub fn redact(&self, text: &str) -> String {
        if self.is_empty() { text.to_owned() } else { text.replace(&self.0, "[secret]") }
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Self {
        Self::new(value)
    }
}

impl From<&str> for Secret {
    fn from(value: &str) -> Self {
        Self::new(value)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing() {
        let secret = Secret::new("sk-verysecret");
        assert_eq!(format!("{secret:?}"), "Secret");
        assert_eq!(format!("{:#?}", Some(secret)), "Some(\n    Secret,\n)");
    }

    #[test]
    fn white_space_of_copying_goes() {
        assert_eq!(Secret::new(" sk-1\n").trimmed().expose(), "sk-1");
        assert!(Secret::new("  ").trimmed().is_empty());
        assert_eq!(Secret::new(" a ").expose(), " a ");
    }

    #[test]
    fn the_beginning_of_a_secret_at_the_end_of_a_text_is_found() {
        let secret = Secret::new("sk-secret");
        assert_eq!(secret.begun_at("key: sk-sec"), 5);
        assert_eq!(secret.begun_at("task-s"), 2);
        assert_eq!(secret.begun_at("nothing"), 7);
        assert_eq!(Secret::new("").begun_at("nothing"), 7);
    }

    #[test]
    fn redacting_an_empty_secret_changes_nothing() {
        assert_eq!(Secret::new("").redact("abc"), "abc");
        assert_eq!(Secret::new("b").redact("abc"), "a[secret]c");
    }
}
