//! One turn, from being claimed to its outcome.

use cavuer_protocol::ConversationEvent;
use cavuer_store::{ClaimedTurn, Said};

use super::failure::Failure;
use super::outcome::{self, Outcome, settle};
use super::showing::{announce_start, publish};
use super::{daily_limit, groundwork, hand_over, rounds, transcription};
use crate::Engine;
use crate::usage::Purse;

/// Attempts before the visitor is told that there will be no answer.
const ATTEMPTS: u32 = 4;
/// Pause before the second attempt; it doubles each time.
const FIRST_PAUSE_MILLIS: i64 = 1_000;
/// Longest pause that a provider may ask for and get.
const LONGEST_PAUSE_MILLIS: i64 = 60_000;

/// Answers one turn, or fails it in an orderly way. What is in the purse afterwards is to be
/// booked.
pub(super) async fn write(engine: &Engine, mut turn: ClaimedTurn, purse: &Purse) {
    if let Some(limit) = turn.over_limit {
        return settle(engine, &turn, daily_limit::decline(engine, &turn, limit).await);
    }
    announce_start(engine, &turn);
    let outcome = attempt(engine, &mut turn, purse).await;
    let turn = &turn;
    if !matches!(outcome, Ok(Outcome::Answer { .. })) {
        // Before anybody learns of it and asks the next question.
        purse.book(engine, turn.place.visitor.channel, turn.agent_id).await;
    }
    let stored = match outcome {
        Ok(Outcome::Answer { said, measured }) => {
            outcome::finish(engine, turn, said, measured, purse).await
        }
        Ok(Outcome::HandOver { said, call }) => hand_over::finish(engine, turn, said, call).await,
        Ok(Outcome::Cancelled) => {
            publish(engine, turn, ConversationEvent::AnswerEnded { message_id: turn.answer });
            Ok(())
        }
        Err(failure) if failure.is_transient() && turn.attempt < ATTEMPTS => {
            let due_at =
                engine.clock.now().plus_millis(pause_millis(engine, turn.attempt, &failure));
            tracing::warn!(turn = %turn.id, attempt = turn.attempt, %failure, "answer is retried");
            // What was written so far will be written anew: back to "typing".
            announce_start(engine, turn);
            engine.store.retry_turn(turn.id, turn.attempt, due_at).await
        }
        Err(failure) => outcome::fail(engine, turn, &failure).await,
    };
    settle(engine, turn, stored);
}

/// Tries to answer.
async fn attempt(
    engine: &Engine,
    turn: &mut ClaimedTurn,
    purse: &Purse,
) -> Result<Outcome, Failure> {
    // Attempts beyond the last were interrupted, not failed: perhaps they are what brings the
    // server down.
    if turn.attempt > ATTEMPTS {
        return Err(Failure::Interrupted);
    }
    if let Some(call) = transcription::listen(engine, turn, purse).await? {
        return Ok(Outcome::HandOver { said: Said::default(), call });
    }
    let (prompt, found) = groundwork::of_turn(engine, turn).await?;
    rounds::converse(engine, turn, prompt, &found, purse).await
}

/// Exponential, with up to a quarter more by chance, so that many turns that failed together do
/// not come back together; or what the provider asked for.
fn pause_millis(engine: &Engine, attempt: u32, failure: &Failure) -> i64 {
    let doubled = FIRST_PAUSE_MILLIS << attempt.saturating_sub(1).min(10);
    let asked =
        failure.retry_after().map_or(0, |wait| i64::try_from(wait.as_millis()).unwrap_or(i64::MAX));
    let [chance] = engine.random.bytes();
    let pause = doubled.max(asked).min(LONGEST_PAUSE_MILLIS);
    pause + pause / 4 * i64::from(chance) / 255
}
