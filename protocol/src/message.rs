use serde::{Deserialize, Serialize};

use crate::{ArticleId, Attachment, MessageId, Timestamp};

/// One stored message of a conversation. It never changes after it was stored, except that a
/// voice message gets its transcript.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    /// Made by the client for what a person writes, else by the server; an answer's draft has it
    /// already.
    pub id: MessageId,
    /// Place in the conversation: rises by the order in which the server stored the messages.
    pub seq: i64,
    /// Who wrote it, by the name of that time.
    pub author: Author,
    /// Light Markdown (see [`crate::rich_text`]) from agents and operators, plain text from visitors.
    /// Empty only where there are attachments.
    pub text: String,
    /// When the server stored it. Messages are ordered by `seq`, not by this.
    pub created_at: Timestamp,
    /// In the order in which they were chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// Which passages of articles an agent's answer is from, the first used first. Visitors are
    /// told them only where the agent's owner wants it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Source>,
}

/// A passage that an answer is from, as it was then: it outlives the article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Source {
    /// Title of the article.
    pub title: String,
    /// Page of the document on which the passage begins, from 1; `None` for texts without pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Plain text, at most [`crate::limits::EXCERPT_CHARS`] characters.
    pub excerpt: String,
    /// The article, as long as it exists. For the console; visitors are never told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<ArticleId>,
}

/// Who wrote a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Author {
    /// Whoever the conversation is with, guest or user.
    Visitor,
    /// The channel's agent.
    Agent {
        /// What the agent was called when it answered.
        name: String,
    },
    /// A member of the workspace.
    Operator {
        /// What the person was called when writing.
        name: String,
    },
    /// The service itself, for example when the agent could not answer.
    System,
}
