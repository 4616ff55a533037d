use serde::{Deserialize, Serialize};

use crate::{Author, Conversation, Handling, Message, MessageId};

/// What happens in a conversation, as server-sent events carry it.
///
/// Names are past tense. Every event is idempotent; [`Conversation::apply`] is its meaning. On the
/// stream each has the id `{epoch}-{number}`; a client that reconnects sends the last one as
/// `Last-Event-ID` and gets what followed, or a `snapshot` when the server no longer has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ConversationEvent {
    /// The state as a whole; first on a fresh stream, and after a gap.
    Snapshot { conversation: Conversation },
    /// A message was stored, or its voice message has got a transcript. It replaces the draft, and
    /// the message, with the same id.
    MessageAdded { message: Message },
    /// The agent began to work on an answer; an earlier draft with this id starts over.
    AnswerStarted { message_id: MessageId, author: Author },
    /// The draft grew: `text` belongs at `offset`, in bytes of UTF-8 from its start.
    AnswerDelta { message_id: MessageId, offset: u32, text: String },
    /// The agent stopped working on this answer, with or without a message.
    AnswerEnded { message_id: MessageId },
    /// Somebody else answers from now on.
    HandlingChanged { handling: Handling },
}
