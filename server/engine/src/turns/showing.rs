//! Showing everybody who looks how an answer grows.

use cavuer_protocol::{Author, ConversationEvent};
use cavuer_store::ClaimedTurn;

use crate::Engine;

/// Says that the answer begins, or begins anew.
pub(super) fn announce_start(engine: &Engine, turn: &ClaimedTurn) {
    let author = Author::Agent { name: turn.agent.name.clone() };
    publish(engine, turn, ConversationEvent::AnswerStarted { message_id: turn.answer, author });
}

/// Tells everybody who looks at the turn's conversation.
pub(super) fn publish(engine: &Engine, turn: &ClaimedTurn, event: ConversationEvent) {
    engine.live.publish(&turn.place, &event, engine.clock.now());
}
