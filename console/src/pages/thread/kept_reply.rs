//! Replies that are being written, kept in this tab over a reload.

use cavuer_protocol::ConversationId;

use crate::browser::{keep, kept};

/// What was being written in a conversation when it was left.
pub fn kept_reply(conversation: ConversationId) -> String {
    kept(&reply_key(conversation)).unwrap_or_default()
}

/// Keeps what is typed.
pub fn keep_reply(conversation: ConversationId, text: &str) {
    keep(&reply_key(conversation), text);
}

/// The key under which this tab keeps a reply that is being written.
fn reply_key(conversation: ConversationId) -> String {
    format!("cavuer.reply.{conversation}")
}
