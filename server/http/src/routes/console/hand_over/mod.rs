//! How an agent hands conversations over to people.

pub(crate) mod get;
pub(crate) mod replace;
