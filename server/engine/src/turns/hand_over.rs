//! Handing over to a person, as a function that every model may ask for.

use cavuer_protocol::console::HandOver;
use cavuer_protocol::limits::HAND_OVER_REASON_CHARS;
use cavuer_protocol::notice::{self, Notice};
use cavuer_protocol::{ConversationEvent, Handling, MessageId, Timestamp};
use serde_json::json;

use super::Turns;
use crate::hours;
use crate::news::{announce, announce_summary};
use cavuer_base::texts;
use cavuer_models::{HAND_OVER_TOOL, Tool, ToolCall};
use cavuer_store::{CallForPerson, ClaimedTurn, Said, StoreError};

/// Pause after the store failed, before overdue conversations are looked at again.
const STORE_PAUSE_MILLIS: i64 = 1_000;

/// What is done about a model's wish to hand over.
pub(super) enum Decision {
    /// The turn ends, and a person is called.
    Now(CallForPerson),
    /// Nobody is there. People learn of it when they come; the model is told this.
    Later(CallForPerson, String),
}

/// The function as the model sees it.
// tidy allows sentences: the model reads what it can call
pub(super) fn tool() -> Tool {
    Tool {
        name: HAND_OVER_TOOL.to_owned(),
        description: "Hands this conversation over to a person from the team. Call it when the \
                      visitor asks for a person, and whenever the owner's instruction says so. \
                      Do not call it for what you can answer yourself. The visitor is told that a \
                      person will join; you need not say so."
            .to_owned(),
        parameters: json!({
            "type": "object",
            "properties": {
                "reason": {
                    "type": "string",
                    "description": "What the visitor needs, in one sentence, for the person.",
                },
            },
            "required": ["reason"],
        }),
    }
}

/// What to do about a call of [`tool`]. Broken arguments do not keep a person away.
pub(super) fn decide(
    now: Timestamp,
    language: &str,
    settings: &HandOver,
    call: &ToolCall,
) -> Decision {
    let arguments = call.parsed().unwrap_or_default();
    let reason = arguments.get("reason").and_then(|reason| reason.as_str()).unwrap_or_default();
    let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    let reason: String = reason.chars().take(HAND_OVER_REASON_CHARS).collect();
    // Whatever the words look like, they are the model's own.
    let call = self::call(now, language, settings, &notice::verbatim(reason));
    match &settings.hours {
        Some(hours) if call.until.is_none() => {
            let told = nobody_there(hours::next_opening(hours, now));
            Decision::Later(call, told)
        }
        _ => Decision::Now(call),
    }
}

/// A call for a person, for whom the agent keeps silent if somebody is there now.
pub(super) fn call(
    now: Timestamp,
    language: &str,
    settings: &HandOver,
    reason: &Notice,
) -> CallForPerson {
    let is_open = settings.hours.as_ref().is_none_or(|hours| hours::is_open(hours, now));
    let until = now.plus_millis(i64::from(settings.wait_seconds) * 1_000);
    let until = is_open.then_some(until);
    CallForPerson { reason: reason.to_stored(), language: language.to_owned(), until }
}

// tidy allows sentences: the model that called reads them
fn nobody_there(opening: Option<jiff::Zoned>) -> String {
    let opening = opening.map_or_else(String::new, |opening| {
        let moment = opening.strftime("%A, %-d %B %Y, %H:%M");
        let zone = opening.time_zone().iana_name().unwrap_or("the team's time").to_owned();
        format!(" Somebody is there again from {moment} ({zone}).")
    });
    format!(
        "Nobody from the team is there now.{opening} The team will see this conversation. Tell the \
         visitor so, and ask for an e-mail address or a phone number for the answer. Do not call \
         this function again in this answer."
    )
}

/// Ends the turn with a person being called, now or when somebody is there again.
pub(super) async fn finish(
    turns: &Turns,
    turn: &ClaimedTurn,
    said: Said,
    call: CallForPerson,
) -> Result<(), StoreError> {
    let now = turns.clock.now();
    let lines = &texts::for_language(&turn.language).lines;
    let line = if call.until.is_some() { &lines.person_will_join } else { &lines.nobody_there };
    let line = line.clone();
    let line = (turns.random.id(now, MessageId::from_parts), line);
    let handed = turns.store.hand_turn_over(turn.id, turn.attempt, said, line, call, now).await?;
    let Some(handed) = handed else {
        let ended = ConversationEvent::AnswerEnded { message_id: turn.answer };
        turns.live.publish(&turn.place, &ended, now);
        return Ok(());
    };
    turns.metrics.hand_overs.inc();
    let awaited = ConversationEvent::HandlingChanged { handling: Handling::Awaited };
    turns.live.publish(&handed.place, &awaited, now);
    for message in handed.messages {
        let event = ConversationEvent::MessageAdded { message };
        turns.live.publish_citing(&handed.place, &event, handed.citations, now);
    }
    announce_summary(&turns.news, &handed.place).await;
    Ok(())
}

/// Tells visitors for whom nobody came, and says when to look again.
pub(super) async fn give_up_overdue(turns: &Turns) -> Option<Timestamp> {
    loop {
        let now = turns.clock.now();
        let overdue = match turns.store.overdue_people(now).await {
            Ok(overdue) => overdue,
            Err(error) => {
                tracing::error!(%error, "conversations that wait for people cannot be looked up");
                return Some(now.plus_millis(STORE_PAUSE_MILLIS));
            }
        };
        if overdue.conversations.is_empty() {
            return overdue.next;
        }
        for (conversation, language) in overdue.conversations {
            let line = texts::for_language(&language).lines.nobody_free.clone();
            let id = turns.random.id(now, MessageId::from_parts);
            match turns.store.give_up_waiting(conversation, id, line, now).await {
                Ok(Some(told)) => {
                    let over = ConversationEvent::HandlingChanged { handling: Handling::Agent };
                    turns.live.publish(&told.place, &over, now);
                    let event = ConversationEvent::MessageAdded { message: told.message };
                    announce(&turns.news, &told.place, event).await;
                }
                Ok(None) => {}
                Err(error) => {
                    tracing::error!(%conversation, %error, "a visitor waits longer than was meant");
                    return Some(now.plus_millis(STORE_PAUSE_MILLIS));
                }
            }
        }
    }
}
