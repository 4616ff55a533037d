//! Knowledge: what agents answer from.
//!
//! A document becomes text ([`extract`]), the text becomes passages ([`chunk`]) and those become
//! the terms of the index ([`terms`]). A visitor's question becomes terms too ([`query`]), by which
//! [`retrieve`] finds and ranks passages. The store keeps the index; what its entries mean is said
//! here.

pub mod chunk;
pub mod excerpt;
pub mod extract;
pub mod fillers;
mod join;
pub mod language;
pub mod pages;
pub mod query;
mod rank;
mod retrieve;
pub mod sentences;
pub mod synonyms;
pub mod term_set;
pub mod terms;
pub mod typing;
pub mod words;

pub use retrieve::{Found, retrieve};
