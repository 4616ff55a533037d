use std::fmt;

/// A statement's text. Placeholders are `?1`, `?2` and so on, or `?` for the next one.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Statement<'a> {
    /// One text for every engine.
    Every(&'a str),
    /// One for each.
    Pair { sqlite: &'a str, postgres: &'a str },
}

impl<'a> From<&'a str> for Statement<'a> {
    fn from(text: &'a str) -> Self {
        Self::Every(text)
    }
}

impl<'a> From<&'a String> for Statement<'a> {
    fn from(text: &'a String) -> Self {
        Self::Every(text)
    }
}

impl fmt::Display for Statement<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Every(text) | Self::Pair { sqlite: text, .. }) = self;
        f.write_str(text)
    }
}
