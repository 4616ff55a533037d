//! From documents to text, from text to passages and their terms, and from a visitor's question to
//! the passages that answer it.
//!
//! ```text
//! documents ─▶ passages ─▶ index ◀─ query
//!                              └─ retrieval
//! ```
//!
//! Everything here is computation: it reads no file, knows no database, no model and no HTTP. What
//! is looked up in an index it names in bulk ([`retrieval::Search`]), for whoever keeps the index;
//! what the index's entries mean is said here ([`index`]).

pub mod documents;
pub mod index;
pub mod language;
pub mod passages;
pub mod query;
pub mod retrieval;
pub mod trust;
