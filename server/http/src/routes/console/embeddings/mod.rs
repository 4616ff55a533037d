//! Search by meaning: which model is asked for it, and how it does.

pub(crate) mod choose;
pub(crate) mod get;
pub(crate) mod try_out;
