//! What the tests and benchmarks of the whole server share.

pub mod provider;
