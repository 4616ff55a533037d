//! The sentences, by what they are about.

mod agents;
mod answers;
mod channels;
mod documents;
mod failures;
mod fields;
mod functions;
mod knowledge;
mod messages;
mod models;
mod problems;
mod providers;

/// The English of one code.
pub(super) struct Text {
    pub code: &'static str,
    pub english: &'static str,
    /// Names of its values.
    #[cfg_attr(not(test), expect(dead_code, reason = "the tests hold them against the places"))]
    pub values: &'static [&'static str],
}

/// Makes of each line a function that makes the notice, and of all lines a table.
macro_rules! notices {
    ($($(#[$doc:meta])* $code:ident($($value:ident),*) = $english:literal;)*) => {
        $(
            #[doc = concat!("`", $english, "`\n")]
            $(#[$doc])*
            pub fn $code($($value: impl Into<$crate::notice::NoticeValue>),*) -> $crate::notice::Notice {
                $crate::notice::Notice::new(
                    stringify!($code),
                    [$((stringify!($value), $value.into())),*],
                )
            }
        )*

        pub(super) const TEXTS: &[super::Text] = &[$(super::Text {
            code: stringify!($code),
            english: $english,
            values: &[$(stringify!($value)),*],
        }),*];
    };
}
use notices;

pub use agents::*;
pub use answers::*;
pub use channels::*;
pub use documents::*;
pub use failures::*;
pub use fields::*;
pub use functions::*;
pub use knowledge::*;
pub use messages::*;
pub use models::*;
pub use problems::*;
pub use providers::*;

/// Every sentence.
pub(super) fn all() -> impl Iterator<Item = &'static Text> {
    let tables = [
        agents::TEXTS,
        answers::TEXTS,
        channels::TEXTS,
        documents::TEXTS,
        failures::TEXTS,
        fields::TEXTS,
        functions::TEXTS,
        knowledge::TEXTS,
        messages::TEXTS,
        models::TEXTS,
        problems::TEXTS,
        providers::TEXTS,
    ];
    tables.into_iter().flatten()
}

/// The English of a code.
pub(super) fn english_of(code: &str) -> Option<&'static str> {
    all().find(|text| text.code == code).map(|text| text.english)
}
