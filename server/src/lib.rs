//! The Cavuer server as a library: everything that the binary `cavuer` runs.
//!
//! `main.rs` only parses the command line. Tests start the same [`server::Server`] in their own
//! process, at port 0 and with a clock that they move by hand.

pub mod accounts;
pub mod agent;
pub mod app;
pub mod articles;
pub mod assets;
pub mod attachments;
pub mod channels;
pub mod checks;
pub mod citations;
pub mod cli;
pub mod clock;
pub mod config;
pub mod conversations;
pub mod demo;
pub mod functions;
pub mod guard;
pub mod hex;
pub mod hours;
pub mod hub;
pub mod knowledge;
pub mod llm;
pub mod meaning;
pub mod metrics;
pub mod outbound;
pub mod providers;
pub mod random;
pub mod retention;
pub mod routes;
pub mod server;
pub mod store;
pub mod texts;
pub mod vault;
