//! What Cavuer does: conversations and the agents' turns in them, channels, functions, articles and
//! their passages, search by meaning, retention, and the live events that tell of it all.
//!
//! It knows the store's use cases and the models' traits, and nothing of SQL, of providers' wire
//! formats and of HTTP as a server: whoever calls it has found out who is calling.

pub mod accounts;
pub mod agents;
pub mod articles;
mod assembly;
pub mod attachments;
mod basics;
pub mod channel_kinds;
pub mod channels;
pub mod checks;
pub mod conversations;
pub mod embeddings;
pub mod extraction;
mod failure;
pub mod functions;
mod hours;
pub mod live;
pub mod metrics;
mod news;
pub mod outbox;
pub mod password;
mod progress;
mod provider_failures;
pub mod provider_setup;
pub mod providers;
pub mod refused;
pub mod retention;
pub mod retrieval;
pub mod running;
pub mod shown;
pub mod turns;
mod usage;
pub mod vault;
pub mod workspaces;

pub use assembly::{Engine, EngineParts};
