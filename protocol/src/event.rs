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
    Snapshot {
        /// The newest messages and the present draft; older pages that the client has may stay.
        conversation: Conversation,
    },
    /// A message was stored, or its voice message has got a transcript. It replaces the draft, and
    /// the message, with the same id.
    MessageAdded {
        /// The whole message; it belongs where its `seq` says, not always at the end.
        message: Message,
    },
    /// The agent began to work on an answer; an earlier draft with this id starts over.
    AnswerStarted {
        /// The id that the finished message will have.
        message_id: MessageId,
        /// The agent, by the name that it has now.
        author: Author,
    },
    /// The draft grew: `text` belongs at `offset`, in bytes of UTF-8 from its start.
    AnswerDelta {
        /// The draft that grew; a delta of any other is to be ignored.
        message_id: MessageId,
        /// Where `text` begins. Behind the draft's end something is missing, and the delta is void.
        offset: u32,
        /// Takes the place of everything from `offset` on.
        text: String,
    },
    /// The agent stopped working on this answer, with or without a message.
    AnswerEnded {
        /// The draft that is gone.
        message_id: MessageId,
    },
    /// Somebody else answers from now on.
    HandlingChanged {
        /// Who answers now.
        handling: Handling,
    },
}
