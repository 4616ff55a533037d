//! Showing everybody who looks how an answer grows.

use cavuer_protocol::{Author, ConversationEvent};
use cavuer_store::ClaimedTurn;

use super::asking::Answering;

/// Says that the answer begins, or begins anew.
pub(super) fn announce_start(answering: &Answering, turn: &ClaimedTurn) {
    let author = Author::Agent { name: turn.agent.name.clone() };
    publish(answering, turn, ConversationEvent::AnswerStarted { message_id: turn.answer, author });
}

/// Tells everybody who looks at the turn's conversation.
pub(super) fn publish(answering: &Answering, turn: &ClaimedTurn, event: ConversationEvent) {
    answering.live.publish(&turn.place, &event, answering.clock.now());
}
