use serde::{Deserialize, Serialize};

use super::{Notice, NoticeValue, texts, verbatim};

/// A notice as a column of the database keeps it.
#[derive(Serialize, Deserialize)]
struct Stored {
    #[serde(flatten)]
    notice: Notice,
    /// For a version that does not know the code any more, or not yet.
    english: String,
}

impl Notice {
    /// For a column that keeps text: one line of JSON.
    pub fn to_stored(&self) -> String {
        let stored = Stored { notice: self.clone(), english: self.english() };
        serde_json::to_string(&stored).unwrap_or(stored.english)
    }

    /// Reads what [`Self::to_stored`] wrote. The plain text that older versions stored, and a
    /// notice that this version has no text for, are [`verbatim`].
    pub fn from_stored(text: &str) -> Self {
        match serde_json::from_str::<Stored>(text) {
            Ok(stored) if stored.notice.is_known() => stored.notice,
            Ok(stored) => verbatim(stored.english),
            Err(_) => verbatim(text),
        }
    }

    /// Whether there is a text for it and for all that is in it.
    fn is_known(&self) -> bool {
        let own = self.words().is_some() || texts::english_of(&self.code).is_some();
        own && self.values.values().all(|value| match value {
            NoticeValue::Notice(inner) => inner.is_known(),
            NoticeValue::Number(_) | NoticeValue::Text(_) => true,
        })
    }
}
