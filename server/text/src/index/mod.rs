//! What the entries of the search index mean: terms, postings, scopes and vectors. Whoever keeps
//! the index stores bytes.

pub mod posting;
mod scope;
mod terms;
pub mod vector;

pub use posting::{Posting, Postings};
pub use scope::{Batch, Scope};
pub use terms::{INDEX_VERSION, Indexer, Occurrences, PassageTerms, word_forms};

/// A term of the index, as whoever keeps it numbers terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TermId(pub i64);
