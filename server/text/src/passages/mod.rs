//! Text in the pieces that are found and shown.

mod chunk;
pub mod pages;
mod sentences;

pub use chunk::{Passage, passages};
pub use sentences::sentences;
