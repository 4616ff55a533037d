use cavuer_protocol::ConversationEvent;

use crate::Engine;
use crate::news::announce;
use cavuer_base::texts;
use cavuer_store::{ClaimedTurn, DailyLimit, StoreError};

/// Ends a turn that the channel's limits leave no answer for: no model is asked, the visitor gets
/// a friendly line and the console the reason.
pub(super) async fn decline(
    engine: &Engine,
    turn: &ClaimedTurn,
    limit: DailyLimit,
) -> Result<(), StoreError> {
    tracing::info!(turn = %turn.id, ?limit, "no answer: a daily limit is reached");
    let line = texts::for_language(&turn.language).lines.limit_reached.clone();
    let now = engine.clock.now();
    let ended = engine.store.fail_turn(turn.id, turn.attempt, line, reason(limit), now).await?;
    if let Some(ended) = ended {
        let message = ended.message;
        announce(engine, &ended.place, ConversationEvent::MessageAdded { message }).await;
    }
    Ok(())
}

/// For the owner, in the console.
fn reason(limit: DailyLimit) -> String {
    let reached = match limit {
        DailyLimit::Answers(most) => format!("the channel has given its {most} answers of today"),
        DailyLimit::Tokens(most) => format!("the channel has used its {most} tokens of today"),
        DailyLimit::VisitorAnswers(most) => {
            format!("this visitor has had their {most} answers of today")
        }
    };
    format!(
        "{reached}. You can answer yourself; the agent answers again from 00:00 UTC on, or when \
         the limit is raised in the channel's settings"
    )
}
