//! Conversations as consoles list and show them.

use serde::{Deserialize, Serialize};

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

/// A conversation's wish for a person. It stands until somebody takes the conversation over or
/// leaves it to the agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonWanted {
    pub since: Timestamp,
    /// Why, in the agent's words; may be empty.
    pub reason: String,
    /// `reason` by its code, where the words are not the agent's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
    /// Until then the agent is silent and the visitor expects a person. `None`: nobody came or
    /// nobody was there, and the agent answers.
    pub until: Option<Timestamp>,
}

impl PersonWanted {
    pub fn new(since: Timestamp, reason: Notice, until: Option<Timestamp>) -> Self {
        let (reason, notice) = reason.told();
        Self { since, reason, notice, until }
    }
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
