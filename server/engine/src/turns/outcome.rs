//! What comes of an attempt at an answer, stored and told.

use cavuer_base::texts;
use cavuer_protocol::ConversationEvent;
use cavuer_protocol::console::ConsoleEvent;
use cavuer_store::{CallForPerson, ClaimedTurn, Measured, MeasuredAnswer, Said, StoreError};

use super::Turns;
use super::failure::Failure;
use super::showing::publish;
use crate::news::{announce, announce_citing};
use crate::shown;
use crate::usage::Spending;

/// Times that a finished answer is offered to a failing store, a second apart.
const STORE_ATTEMPTS: u32 = 10;

/// How an attempt at an answer ended.
pub(super) enum Outcome {
    Answer {
        said: Said,
        measured: Measured,
    },
    /// A person is to take over; what was said before may be empty.
    HandOver {
        said: Said,
        call: CallForPerson,
    },
    /// The turn is not this attempt's any more.
    Cancelled,
}

/// Stores a finished answer and shows it.
pub(super) async fn finish(
    turns: &Turns,
    turn: &ClaimedTurn,
    said: Said,
    measured: Measured,
    spending: &Spending,
) -> Result<(), StoreError> {
    let mut tries = 1;
    let finished = loop {
        let now = turns.clock.now();
        let (id, attempt) = (turn.id, turn.attempt);
        match turns.store.finish_turn(id, attempt, said.clone(), measured.clone(), now).await {
            Err(error) if error.is_unavailable() && tries < STORE_ATTEMPTS => {
                tries += 1;
                turns.clock.sleep_until(turns.clock.now().plus_millis(1_000)).await;
            }
            other => break other?,
        }
    };
    match finished {
        Some(finished) => {
            spending.answered();
            turns.metrics.answers.inc();
            let message = finished.message;
            let event = ConversationEvent::MessageAdded { message };
            announce_citing(&turns.news, &finished.place, event, finished.citations).await;
            let measured = MeasuredAnswer { answer: turn.answer, measured };
            let event = ConsoleEvent::AnswerMeasured {
                conversation: finished.place.conversation,
                usage: shown::answer_usage(measured),
            };
            turns.live.publish_to_consoles(finished.place.workspace, &event, turns.clock.now());
        }
        None => publish(
            &turns.answering,
            turn,
            ConversationEvent::AnswerEnded { message_id: turn.answer },
        ),
    }
    Ok(())
}

/// Gives a turn up: the visitor gets a friendly line, the console the reason.
pub(super) async fn fail(
    turns: &Turns,
    turn: &ClaimedTurn,
    failure: &Failure,
) -> Result<(), StoreError> {
    tracing::error!(turn = %turn.id, attempt = turn.attempt, %failure, "no answer");
    let local = texts::for_language(&turn.language);
    let line = match failure {
        Failure::Unheard(_) => local.lines.voice_not_understood.clone(),
        _ => local.texts.answer_failed.clone(),
    };
    let now = turns.clock.now();
    let reason = failure.reason().to_stored();
    let failed = turns.store.fail_turn(turn.id, turn.attempt, line, reason, now).await?;
    turns.metrics.failed_answers.inc();
    match failed {
        Some(failed) => {
            let message = failed.message;
            announce(&turns.news, &failed.place, ConversationEvent::MessageAdded { message }).await;
        }
        None => publish(
            &turns.answering,
            turn,
            ConversationEvent::AnswerEnded { message_id: turn.answer },
        ),
    }
    Ok(())
}

/// Sees to a turn whose outcome could not be stored.
pub(super) fn settle(turns: &Turns, turn: &ClaimedTurn, stored: Result<(), StoreError>) {
    if let Err(error) = stored {
        // The row still says "running"; housekeeping puts it back once the store works.
        tracing::error!(turn = %turn.id, %error, "the answer's outcome could not be stored");
        publish(&turns.answering, turn, ConversationEvent::AnswerEnded { message_id: turn.answer });
    }
}
