//! How an agent hands conversations over to people.

pub mod get;
pub mod replace;
