//! The search index: which passages have which terms.
//!
//! An index of our own rather than SQLite's FTS5, because it measures better: postings of a term
//! are blocks of a few kilobytes that are read without a row each, so a question's words need not
//! be cut down to rare ones; and how common a word is can be counted among the agent's own
//! passages, where FTS5 counts all tenants'. It lives in the same database and changes in the same
//! transactions as the passages, and it is made anew from them when the way of indexing changes.
//!
//! Where the workspace has chosen a model for it, passages are found by what they mean as well
//! ([`crate::Store::nearest`]).

mod nearest;
mod read;
mod scope;
mod write;

pub use read::Matches;
pub use scope::Searched;

pub(crate) use nearest::AllCodes;
pub(crate) use scope::Scopes;
pub(crate) use write::{add, collect_garbage, make_anew_if_outdated, next_passage};
