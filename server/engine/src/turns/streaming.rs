//! What a model says, as it says it.

use cavuer_base::clock;
use std::time::Duration;

use cavuer_models::{Llm, LlmError, LlmErrorKind, Piece, Prompt, ToolCall};
use cavuer_protocol::ConversationEvent;
use futures::StreamExt as _;

use super::asking::Asking;
use super::draft::{Draft, GAP};
use super::failure::Failure;
use super::showing::publish;

/// Pieces of an answer that arrive within this time travel together.
const COALESCE: Duration = Duration::from_millis(30);

/// Streams what a model says to everybody who looks, at the end of `draft`, and returns what it
/// wants called.
pub(super) async fn stream(
    asking: Asking<'_>,
    model: &dyn Llm,
    prompt: Prompt,
    draft: &mut Draft,
) -> Result<Vec<ToolCall>, Failure> {
    let answering = asking.answering;
    draft.measure.sends(&prompt);
    let mut pieces = model.stream(prompt);
    let mut calls = Vec::new();
    let Draft { text, sent, cited, leak, measure, .. } = draft;
    let said_before = text.len();
    // What was said before a function was called is a paragraph of its own.
    let mut gap = if text.is_empty() { "" } else { GAP };
    let mut next_send = clock::instant();
    loop {
        let waiting = *sent < text.len() && !leak.is_near();
        tokio::select! {
            piece = pieces.next() => match piece {
                Some(Ok(Piece::Text(words))) => {
                    measure.saw_words(&answering.ledger, &words);
                    text.push_str(std::mem::take(&mut gap));
                    text.push_str(&words);
                    leak.follow(&words);
                    if leak.is_there() {
                        return Err(Failure::Recited);
                    }
                }
                Some(Ok(Piece::Cited(passage))) => cited.push(passage),
                Some(Ok(Piece::ToolCall(call))) => calls.push(call),
                Some(Ok(Piece::Usage(usage))) => measure.add(&answering.ledger, usage),
                Some(Err(error)) => return Err(error.into()),
                None if calls.is_empty() && text.len() == said_before => {
                    return Err(LlmError::new(LlmErrorKind::Empty, None).into());
                }
                None => {
                    measure.ends();
                    return Ok(calls);
                }
            },
            () = clock::wait_until(next_send), if waiting => {}
        }
        if *sent < text.len() && !leak.is_near() && clock::instant() >= next_send {
            let offset = u32::try_from(*sent).unwrap_or(u32::MAX);
            let grown = text[*sent..].to_owned();
            if let Some(turn) = asking.turn {
                let message_id = turn.answer;
                let event = ConversationEvent::AnswerDelta { message_id, offset, text: grown };
                publish(answering, turn, event);
            }
            *sent = text.len();
            next_send = clock::instant() + COALESCE;
        }
    }
}
