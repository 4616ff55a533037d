//! From what the store keeps to what consoles and widgets are answered: the one place that knows
//! both. A record that is shown for the first time gets its function here.
//!
//! Wherever a record has a [`Notice`](cavuer_protocol::Notice), its answer has the English as text
//! and the notice beside it.

mod agents;
mod articles;
mod channels;
mod conversations;
mod functions;
mod providers;
mod usage;
mod workspaces;

pub use agents::agent;
pub(crate) use articles::{article, article_detail};
pub use channels::channel;
pub use conversations::{
    conversation, conversation_detail, conversation_list, conversation_summary, older_messages,
};
pub use functions::{channel_function, function, function_call};
pub(crate) use providers::provider;
pub use usage::{agent_usage, answer_usage};
pub use workspaces::workspace;
