//! What every part of the server may use.
//!
//! It holds time and chance as parameters, so that a test can wait an hour in no time, bytes as hex
//! digits, and the widget's words in each language. It knows nothing of documents, databases,
//! models or HTTP.

pub mod citations;
pub mod clock;
pub mod hex;
pub mod origin;
pub mod random;
pub mod texts;
