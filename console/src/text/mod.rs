//! Every word that the console shows or reads out: groups of texts with their English, and the
//! languages in [`language`].
//!
//! `{name}` in a text stands for a value; see [`fill`]. What the server says has codes, and
//! [`notices`] says it in a language that has texts for them.

mod account;
mod agents;
mod channel;
mod chats;
mod common;
mod embeddings;
mod functions;
mod knowledge;
mod language;
mod notices;
mod playground;
mod providers;
mod shell;

/// Declares a group of texts and its English.
macro_rules! texts {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $text:expr),* $(,)? }) => {
        $(#[$doc])*
        pub struct $name {
            $(pub $field: &'static str),*
        }

        impl $name {
            pub const ENGLISH: Self = Self { $($field: $text),* };
        }
    };
}
use texts;

pub use notices::{told, told_if_any};

/// All texts of one language.
pub struct Texts {
    pub common: common::Common,
    pub time: common::Time,
    pub numbers: common::Numbers,
    pub account: account::Account,
    pub shell: shell::Shell,
    pub agents: agents::Agents,
    pub channel: channel::Channel,
    pub functions: functions::Functions,
    pub knowledge: knowledge::Knowledge,
    pub embeddings: embeddings::Embeddings,
    pub chats: chats::Chats,
    pub playground: playground::Playground,
    pub providers: providers::Providers,
    pub notices: notices::Notices,
}

/// The texts in the reader's language.
pub fn t() -> &'static Texts {
    &language::chosen().texts
}

/// The tag of the language that [`t`] is in.
pub fn language_tag() -> &'static str {
    language::chosen().tag
}

/// Puts values in the places of a text, which are written as in the server's notices.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    cavuer_protocol::notice::fill(text, |name| {
        let value = values.iter().find(|(known, _)| *known == name)?;
        Some(value.1.to_owned())
    })
}

/// "1 passage", "3 passages": the text for one, or the text for several with its `{count}`.
pub fn plural(count: u64, one: &'static str, several: &'static str) -> String {
    if count == 1 { one.to_owned() } else { fill(several, &[("count", &group_digits(count))]) }
}

/// A number with its thousands apart.
pub fn group_digits(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push_str(t().numbers.thousands_apart);
        }
        grouped.push(digit);
    }
    grouped
}

/// A number with so many digits behind its point.
pub fn decimal(number: f64, digits: usize) -> String {
    format!("{number:.digits$}").replace('.', t().numbers.point)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn values_go_to_their_places_and_are_not_read_again() {
        let filled = fill("{a} and {b}", &[("a", "{b}"), ("b", "2")]);
        assert_eq!(filled, "{b} and 2");
        assert_eq!(fill("open { brace", &[]), "open { brace");
    }

    #[wasm_bindgen_test]
    fn thousands_are_apart() {
        assert_eq!(group_digits(999), "999");
        assert_eq!(group_digits(1_234_567), "1,234,567");
    }
}
