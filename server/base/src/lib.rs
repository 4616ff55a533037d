//! What every part of the server may use.
//!
//! It holds time and chance as parameters, so that a test can wait an hour in no time; bytes as hex
//! digits; the widget's words in each language; the domains that a widget may appear on
//! ([`origin`]); and what visitors are told of the passages that answers are from ([`citations`]).
//! It knows nothing of documents, databases, models or HTTP.

pub mod citations;
pub mod clock;
pub mod hex;
pub mod origin;
pub mod random;
pub mod texts;
