//! Conversations as consoles list and show them.

use serde::{Deserialize, Serialize};

use super::PersonWanted;
use crate::{ChannelId, Conversation, ConversationId, Handling, Notice, Timestamp};

/// Who is on the visitor's side of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Visitor {
    /// The site's own id where identified, else `v_…`.
    pub id: String,
    /// Whether the site proved the id with a valid hash.
    pub verified: bool,
    pub name: Option<String>,
    pub email: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConversationSummary {
    pub id: ConversationId,
    pub channel: ChannelId,
    pub channel_name: String,
    pub agent_name: String,
    pub visitor: Visitor,
    pub handling: Handling,
    /// Start of the newest message.
    pub preview: String,
    pub updated_at: Timestamp,
    /// Why the agent could not answer the newest question.
    pub failure: Option<String>,
    /// `failure` by its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure_notice: Option<Notice>,
    /// Set while a person is wanted.
    pub person_wanted: Option<PersonWanted>,
}

/// `GET conversations`: those that wait for a person come first, longest wait first, and then
/// the others, newest activity first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConversationList {
    pub conversations: Vec<ConversationSummary>,
    /// Pass as `before` to get the next page; `None` at the end.
    pub next: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConversationDetail {
    pub summary: ConversationSummary,
    pub conversation: Conversation,
}
