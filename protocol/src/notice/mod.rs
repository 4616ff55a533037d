//! What the server says to people: codes with values, and the English of each.
//!
//! A [`Notice`] names its sentence by a code, so that a client can say it in the reader's language;
//! `texts` has the English, one line for each sentence and nowhere else. Wherever an answer
//! carries such a sentence, it carries the English as text and the notice beside it.
//!
//! The widget has no use for any of this, and nothing that it calls may reach the table.

#[cfg(any(test, feature = "stored"))]
mod stored;
mod template;
mod texts;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

pub use template::fill;
pub use texts::*;

/// The code of [`verbatim`], which has no English of its own.
const VERBATIM: &str = "verbatim";

/// Something that is said to people: which sentence, and the values in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Notice {
    /// Names the sentence, for example `too_many_chars`.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub code: Cow<'static, str>,
    /// What stands in its places, by their names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, NoticeValue>))]
    pub values: BTreeMap<Cow<'static, str>, NoticeValue>,
}

/// A value in a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum NoticeValue {
    /// A whole number; one beyond the range stands at its end.
    Number(i64),
    /// Words that are not translated: names, addresses, numbers with a fraction.
    Text(String),
    /// A sentence within the sentence, or a part of one.
    #[cfg_attr(feature = "openapi", schema(no_recursion))]
    Notice(Box<Notice>),
}

/// A sentence that is in no table: somebody else's words, or those of an older version.
pub fn verbatim(text: impl Into<String>) -> Notice {
    Notice::new(VERBATIM, [("text", NoticeValue::Text(text.into()))])
}

/// The codes of all sentences with their English, in which `{name}` is the place of a value.
pub fn english_texts() -> impl Iterator<Item = (&'static str, &'static str)> {
    texts::all().map(|text| (text.code, text.english))
}

impl Notice {
    fn new<const N: usize>(code: &'static str, values: [(&'static str, NoticeValue); N]) -> Self {
        let values = values.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect();
        Self { code: Cow::Borrowed(code), values }
    }

    /// The English, with every value in its place.
    pub fn english(&self) -> String {
        match (self.words(), texts::english_of(&self.code)) {
            (Some(words), _) => words.to_owned(),
            (None, Some(english)) => {
                fill(english, |name| self.values.get(name).map(ToString::to_string))
            }
            (None, None) => self.code.clone().into_owned(),
        }
    }

    /// The text of a [`verbatim`] notice; `None` for every other.
    pub fn words(&self) -> Option<&str> {
        match self.values.get("text") {
            Some(NoticeValue::Text(text)) if self.code == VERBATIM => Some(text),
            _ => None,
        }
    }

    /// The English, and the notice to stand beside it: none if it is only those very words.
    pub fn told(self) -> (String, Option<Self>) {
        let english = self.english();
        (english, self.words().is_none().then_some(self))
    }

    /// The same where there may be none.
    pub fn told_if_any(notice: Option<Self>) -> (Option<String>, Option<Self>) {
        notice.map(Self::told).map_or((None, None), |(text, notice)| (Some(text), notice))
    }

    /// The English of several, and in the same order the notices themselves.
    pub fn told_all(notices: Vec<Self>) -> (Vec<String>, Vec<Self>) {
        (notices.iter().map(Self::english).collect(), notices)
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english())
    }
}

impl fmt::Display for NoticeValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => fmt::Display::fmt(number, f),
            Self::Text(text) => f.write_str(text),
            Self::Notice(notice) => fmt::Display::fmt(notice, f),
        }
    }
}

impl From<&str> for NoticeValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for NoticeValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for NoticeValue {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<Notice> for NoticeValue {
    fn from(notice: Notice) -> Self {
        Self::Notice(Box::new(notice))
    }
}

impl From<f64> for NoticeValue {
    /// A number with a fraction is a text: JSON has no place for all of them.
    fn from(number: f64) -> Self {
        let whole = number as i64;
        if whole as f64 == number { Self::Number(whole) } else { Self::Text(number.to_string()) }
    }
}

macro_rules! whole_numbers {
    ($($kind:ty),*) => {
        $(impl From<$kind> for NoticeValue {
            fn from(number: $kind) -> Self {
                Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
            }
        })*
    };
}
whole_numbers!(u16, u32, u64, usize, i64);

#[cfg(test)]
mod tests;
