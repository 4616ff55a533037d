//! The chat panel on the owner's page.
//!
//! `embed.js` paints the launcher and calls [mod@mount] once the panel's code is there. From then on
//! a client keeps the conversation in step with the server and with the visitor's other tabs, and
//! the view shows what the client's signals say.

#![allow(unreachable_pub, reason = "a program of its own; its order of functions is measured")]

mod api;
mod browser;
mod client;
mod json;
mod mount;
mod options;
mod outbox;
mod state;
mod storage;
mod tabs;
mod timeline;
pub mod view;
mod wire;
mod words;

pub use mount::mount;
