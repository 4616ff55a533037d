//! Knowledge: what agents answer from.
//!
//! A document becomes text ([`extract`]), the text becomes passages ([`chunk`]), and a visitor's
//! question becomes a search over them ([`query`]). Everything here is pure; the store keeps and
//! searches what it produces, and whether a passage found is good enough to answer with is the
//! model's business.

pub mod chunk;
pub mod extract;
pub mod fillers;
pub mod query;
mod retrieve;
pub mod sentences;
pub mod synonyms;
pub mod words;

pub use retrieve::{Found, retrieve};
