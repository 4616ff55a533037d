use serde::{Deserialize, Serialize};

use crate::{MessageId, Timestamp};

/// One stored message of a conversation. It never changes after it was stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    pub id: MessageId,
    /// Place in the conversation: rises by the order in which the server stored the messages.
    pub seq: i64,
    pub author: Author,
    /// Light Markdown (see [`crate::rich_text`]) from agents and operators, plain text from visitors.
    pub text: String,
    pub created_at: Timestamp,
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
