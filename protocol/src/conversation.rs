//! A conversation as a client holds it.

use serde::{Deserialize, Serialize};

use crate::{Author, Message, MessageId};

/// A conversation from the point of view of a client.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Conversation {
    /// Known messages in rising `seq`; older ones are fetched page by page.
    pub messages: Vec<Message>,
    /// Whether messages older than the first one here exist.
    pub has_older: bool,
    /// Who answers.
    pub handling: Handling,
    /// The answer that is being written at this moment.
    pub draft: Option<Draft>,
}

/// An answer that is still growing. Its text may be empty: then the author is "typing".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Draft {
    /// The id that the finished message will have.
    pub message_id: MessageId,
    /// The agent, by the name that it has while it writes.
    pub author: Author,
    /// Light Markdown, so far as it has come; it may end inside a mark.
    pub text: String,
}

/// Who is responsible for the next answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Handling {
    /// The agent answers as soon as it is its turn.
    #[default]
    Agent,
    /// A person was asked for and is awaited; the agent is silent meanwhile.
    Awaited,
    /// A person took over; the agent is silent until it is handed back.
    Operator {
        /// What the person was called when taking over; shown to the visitor.
        name: String,
    },
}
