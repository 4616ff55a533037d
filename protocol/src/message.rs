use serde::{Deserialize, Serialize};

use crate::{Attachment, MessageId, Timestamp};

/// One stored message of a conversation. It never changes after it was stored, except that a
/// voice message gets its transcript.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    pub id: MessageId,
    /// Place in the conversation: rises by the order in which the server stored the messages.
    pub seq: i64,
    pub author: Author,
    /// Light Markdown (see [`crate::rich_text`]) from agents and operators, plain text from visitors.
    /// Empty only where there are attachments.
    pub text: String,
    pub created_at: Timestamp,
    /// In the order in which they were chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}

/// Who wrote a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Author {
    Visitor,
    Agent {
        name: String,
    },
    Operator {
        name: String,
    },
    /// The service itself, for example when the agent could not answer.
    System,
}
