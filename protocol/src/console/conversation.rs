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
    /// What the site says its user is called; nothing proves it. `None` for guests.
    pub name: Option<String>,
    /// What the site says, as it is; nothing proves it. `None` for guests.
    pub email: Option<String>,
}

/// A conversation's line in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConversationSummary {
    /// Names the conversation in `conversations/{conversation}`.
    pub id: ConversationId,
    /// Where the visitor writes.
    pub channel: ChannelId,
    /// What the owner calls the channel now.
    pub channel_name: String,
    /// What the channel's agent is called now.
    pub agent_name: String,
    /// Whose conversation it is; a visitor has one in a channel.
    pub visitor: Visitor,
    /// The agent or the person who took over; that a person is awaited stands in `person_wanted`.
    pub handling: Handling,
    /// Start of the newest message.
    pub preview: String,
    /// When the newest message was stored; lists are ordered by it.
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
    /// When a person was called for; whoever waits longest stands first in the list.
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
    /// A wish with its reason's English and code.
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
    /// About 50 on a page, and on the first one also all that wait for a person.
    pub conversations: Vec<ConversationSummary>,
    /// Pass as `before` to get the next page; `None` at the end.
    pub next: Option<Timestamp>,
}

/// `GET conversations/{conversation}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConversationDetail {
    /// Its line in the list.
    pub summary: ConversationSummary,
    /// The newest [`crate::limits::PAGE_MESSAGES`] messages, and the answer that is being written.
    pub conversation: Conversation,
}
