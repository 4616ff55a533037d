//! One turn, from being claimed to its outcome.

use cavuer_protocol::ConversationEvent;
use cavuer_store::{ClaimedTurn, Said};

use super::failure::Failure;
use super::outcome::{self, Outcome, settle};
use super::showing::{announce_start, publish};
use super::{Turns, daily_limit, groundwork, hand_over, rounds, transcription};
use crate::usage::Spending;

/// Attempts before the visitor is told that there will be no answer.
const ATTEMPTS: u32 = 4;
/// Pause before the second attempt; it doubles each time.
const FIRST_PAUSE_MILLIS: i64 = 1_000;
/// Longest pause that a provider may ask for and get.
const LONGEST_PAUSE_MILLIS: i64 = 60_000;

/// Answers one turn, or fails it in an orderly way. What is in the purse afterwards is to be
/// booked.
pub(super) async fn write(turns: &Turns, mut turn: ClaimedTurn, spending: &Spending) {
    if let Some(limit) = turn.over_limit {
        return settle(turns, &turn, daily_limit::decline(turns, &turn, limit).await);
    }
    announce_start(&turns.answering, &turn);
    let outcome = attempt(turns, &mut turn, spending).await;
    let turn = &turn;
    if !matches!(outcome, Ok(Outcome::Answer { .. })) {
        // Before anybody learns of it and asks the next question.
        spending.book(&turns.answering.ledger, turn.place.visitor.channel, turn.agent_id).await;
    }
    let stored = match outcome {
        Ok(Outcome::Answer { said, measured }) => {
            outcome::finish(turns, turn, said, measured, spending).await
        }
        Ok(Outcome::HandOver { said, call }) => hand_over::finish(turns, turn, said, call).await,
        Ok(Outcome::Cancelled) => {
            publish(
                &turns.answering,
                turn,
                ConversationEvent::AnswerEnded { message_id: turn.answer },
            );
            Ok(())
        }
        Err(failure) if failure.is_transient() && turn.attempt < ATTEMPTS => {
            let due_at = turns.clock.now().plus_millis(pause_millis(turns, turn.attempt, &failure));
            tracing::warn!(turn = %turn.id, attempt = turn.attempt, %failure, "answer is retried");
            // What was written so far will be written anew: back to "typing".
            announce_start(&turns.answering, turn);
            turns.store.retry_turn(turn.id, turn.attempt, due_at).await
        }
        Err(failure) => outcome::fail(turns, turn, &failure).await,
    };
    settle(turns, turn, stored);
}

/// Tries to answer.
async fn attempt(
    turns: &Turns,
    turn: &mut ClaimedTurn,
    spending: &Spending,
) -> Result<Outcome, Failure> {
    // Attempts beyond the last were interrupted, not failed: perhaps they are what brings the
    // server down.
    if turn.attempt > ATTEMPTS {
        return Err(Failure::Interrupted);
    }
    if let Some(call) = transcription::listen(turns, turn, spending).await? {
        return Ok(Outcome::HandOver { said: Said::default(), call });
    }
    let (prompt, found) = groundwork::of_turn(turns, turn).await?;
    rounds::converse(turns, turn, prompt, &found, spending).await
}

/// Exponential, with up to a quarter more by chance, so that many turns that failed together do
/// not come back together; or what the provider asked for.
fn pause_millis(turns: &Turns, attempt: u32, failure: &Failure) -> i64 {
    let doubled = FIRST_PAUSE_MILLIS << attempt.saturating_sub(1).min(10);
    let asked =
        failure.retry_after().map_or(0, |wait| i64::try_from(wait.as_millis()).unwrap_or(i64::MAX));
    let [chance] = turns.random.bytes();
    let pause = doubled.max(asked).min(LONGEST_PAUSE_MILLIS);
    pause + pause / 4 * i64::from(chance) / 255
}
