//! The embedded engine: one SQLite file, one thread that writes, several connections that read.

mod backup;
mod connection;
mod error;
mod migrate;
mod pool;

pub use migrate::LATEST_SCHEMA;
pub(crate) use pool::Pool;
