use cavuer_protocol::ConversationEvent;
use cavuer_protocol::notice::{self, Notice};

use super::Turns;
use crate::news::announce;
use cavuer_base::texts;
use cavuer_store::{ClaimedTurn, DailyLimit, StoreError};

/// Ends a turn that the channel's limits leave no answer for: no model is asked, the visitor gets
/// a friendly line and the console the reason.
pub(super) async fn decline(
    turns: &Turns,
    turn: &ClaimedTurn,
    limit: DailyLimit,
) -> Result<(), StoreError> {
    tracing::info!(turn = %turn.id, ?limit, "no answer: a daily limit is reached");
    let line = texts::for_language(&turn.language).lines.limit_reached.clone();
    let now = turns.clock.now();
    let reason = reason(limit).to_stored();
    let ended = turns.store.fail_turn(turn.id, turn.attempt, line, reason, now).await?;
    if let Some(ended) = ended {
        let message = ended.message;
        announce(&turns.news, &ended.place, ConversationEvent::MessageAdded { message }).await;
    }
    Ok(())
}

/// For the owner, in the console.
fn reason(limit: DailyLimit) -> Notice {
    match limit {
        DailyLimit::Answers(most) => notice::daily_answers_given(most),
        DailyLimit::Tokens(most) => notice::daily_tokens_used(most),
        DailyLimit::VisitorAnswers(most) => notice::daily_answers_had(most),
    }
}
