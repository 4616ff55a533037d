//! The program `cavuer`: its configuration, its commands, the demo, and the wiring of the parts.
//!
//! It knows nothing of SQL, of providers' wire formats and of single endpoints: what the server
//! does is in the crates that are put together here. Of HTTP it knows how to listen, and how to
//! serve the demo's shop.
//!
//! `main.rs` only parses the command line. Tests start the same [`server::start`] in their own
//! process, at port 0 and with a clock that they move by hand.

pub mod cli;
pub mod config;
pub mod demo;
pub mod server;
pub mod signals;
