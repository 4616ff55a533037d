//! The server's doors: the visitor API, the console API and the files that browsers download.
//!
//! An endpoint parses, calls the engine and answers; [`guard`] has found out before who calls and
//! whether they may. Nothing outside this crate knows HTTP as a server, and nothing in here knows
//! SQL or a model's wire format.

mod answers;
mod app;
mod assets;
mod extract;
pub mod guard;
pub mod limits;
pub mod refusals;
pub mod routes;
pub mod signing;

pub use app::{App, Parts, Settings, SignUpPolicy};
