//! Search by meaning: which model is asked for it, and how it does.

pub mod choose;
pub mod get;
pub mod try_out;
