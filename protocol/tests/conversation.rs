//! The reducer: any overlap of snapshot and replay gives the same conversation.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use cavuer_protocol::{
    Author, Conversation, ConversationEvent as Event, Draft, Handling, Message, MessageId,
    Timestamp,
};
use proptest::prelude::*;

fn id(number: u8) -> MessageId {
    MessageId::from_parts(1_000 + u64::from(number), &[number; 10])
}

fn agent() -> Author {
    Author::Agent { name: "Ada".to_owned() }
}

fn message(number: u8) -> Message {
    Message {
        id: id(number),
        seq: i64::from(number),
        author: if number.is_multiple_of(2) { agent() } else { Author::Visitor },
        text: format!("message {number}"),
        attachments: Vec::new(),
        created_at: Timestamp(i64::from(number)),
        sources: Vec::new(),
    }
}

fn added(number: u8) -> Event {
    Event::MessageAdded { message: message(number) }
}

fn started(number: u8) -> Event {
    Event::AnswerStarted { message_id: id(number), author: agent() }
}

fn delta(number: u8, offset: u32, text: &str) -> Event {
    Event::AnswerDelta { message_id: id(number), offset, text: text.to_owned() }
}

fn ended(number: u8) -> Event {
    Event::AnswerEnded { message_id: id(number) }
}

fn snapshot(conversation: &Conversation) -> Event {
    Event::Snapshot { conversation: conversation.clone() }
}

fn after(events: &[Event]) -> Conversation {
    let mut conversation = Conversation::default();
    for event in events {
        conversation.apply(event.clone());
    }
    conversation
}

fn numbers(conversation: &Conversation) -> Vec<i64> {
    conversation.messages.iter().map(|m| m.seq).collect()
}

fn draft_text(conversation: &Conversation) -> Option<&str> {
    conversation.draft.as_ref().map(|draft| draft.text.as_str())
}

#[test]
fn messages_stand_in_the_order_of_the_server() {
    let conversation = after(&[added(3), added(1), added(2), added(1)]);
    assert_eq!(numbers(&conversation), [1, 2, 3]);
}

#[test]
fn a_draft_grows_and_becomes_the_message() {
    let mut conversation = after(&[started(2), delta(2, 0, "Gu"), delta(2, 2, "ten T")]);
    assert_eq!(draft_text(&conversation), Some("Guten T"));
    conversation.apply(added(2));
    assert_eq!(conversation.draft, None);
    assert_eq!(numbers(&conversation), [2]);
}

#[test]
fn a_repeated_delta_changes_nothing_and_a_hole_is_not_filled_wrongly() {
    let mut conversation =
        after(&[started(2), delta(2, 0, "é"), delta(2, 2, "t"), delta(2, 2, "t")]);
    assert_eq!(draft_text(&conversation), Some("ét"));
    conversation.apply(delta(2, 9, "lost"));
    conversation.apply(delta(2, 1, "inside a character"));
    conversation.apply(delta(4, 0, "of another answer"));
    assert_eq!(draft_text(&conversation), Some("ét"));
}

#[test]
fn an_answer_that_starts_over_loses_its_old_text() {
    let conversation = after(&[started(2), delta(2, 0, "old"), started(2), delta(2, 0, "new")]);
    assert_eq!(draft_text(&conversation), Some("new"));
}

#[test]
fn an_old_start_does_not_bring_a_finished_answer_back() {
    let conversation = after(&[started(2), added(2), started(2), delta(2, 0, "x")]);
    assert_eq!(conversation.draft, None);
}

#[test]
fn an_answer_may_end_without_a_message() {
    let mut conversation = after(&[started(2), delta(2, 0, "half"), ended(4)]);
    assert_eq!(draft_text(&conversation), Some("half"));
    conversation.apply(ended(2));
    assert_eq!(conversation, Conversation::default());
}

#[test]
fn handling_follows_the_last_word() {
    let handling = Handling::Operator { name: "Olga".to_owned() };
    let conversation = after(&[Event::HandlingChanged { handling: handling.clone() }]);
    assert_eq!(conversation.handling, handling);
}

#[test]
fn a_snapshot_keeps_older_pages_that_join_on() {
    let mut conversation = after(&[added(3), added(4)]);
    conversation.prepend(vec![message(1), message(2)], false);
    let mut newer = after(&[added(4), added(5)]);
    newer.has_older = true;
    conversation.apply(snapshot(&newer));
    assert_eq!(numbers(&conversation), [1, 2, 3, 4, 5]);
    assert!(!conversation.has_older);
}

#[test]
fn a_snapshot_after_a_gap_replaces_everything() {
    let mut conversation = after(&[added(1), added(2)]);
    let mut newer = after(&[added(7), added(8)]);
    newer.has_older = true;
    conversation.apply(snapshot(&newer));
    assert_eq!(conversation, newer);
}

#[test]
fn a_snapshot_carries_the_draft() {
    let mut source = after(&[added(1)]);
    source.draft = Some(Draft { message_id: id(2), author: agent(), text: "Hel".to_owned() });
    let conversation = after(&[snapshot(&source), delta(2, 3, "lo")]);
    assert_eq!(draft_text(&conversation), Some("Hello"));
}

/// A whole conversation as the server would publish it: questions, answers that grow, some that
/// start over, some that end without a message.
fn history() -> impl Strategy<Value = Vec<Event>> {
    prop::collection::vec((any::<bool>(), any::<bool>(), "[aé見]{0,6}"), 1..8).prop_map(|rounds| {
        let mut events = Vec::new();
        for (round, (restarts, finishes, text)) in rounds.into_iter().enumerate() {
            let question = round as u8 * 2 + 1;
            let answer = question + 1;
            events.push(added(question));
            events.push(started(answer));
            if restarts {
                events.push(delta(answer, 0, "first try"));
                events.push(started(answer));
            }
            for (at, c) in text.char_indices() {
                events.push(delta(answer, at as u32, c.encode_utf8(&mut [0; 4])));
            }
            events.push(if finishes { added(answer) } else { ended(answer) });
        }
        events
    })
}

proptest! {
    /// The snapshot is taken anywhere, the replay begins anywhere before it.
    #[test]
    fn snapshot_and_replay_may_overlap(
        events in history(),
        taken in any::<prop::sample::Index>(),
        replayed in any::<prop::sample::Index>(),
    ) {
        let taken = taken.index(events.len() + 1);
        let from = replayed.index(taken + 1);
        let mut conversation = after(&events[..from]);
        conversation.apply(snapshot(&after(&events[..taken])));
        for event in &events[from..] {
            conversation.apply(event.clone());
        }
        prop_assert_eq!(conversation, after(&events));
    }

    #[test]
    fn every_event_is_idempotent(events in history()) {
        let mut conversation = Conversation::default();
        for event in &events {
            conversation.apply(event.clone());
            let once = conversation.clone();
            conversation.apply(event.clone());
            if !matches!(event, Event::AnswerStarted { .. }) {
                prop_assert_eq!(&conversation, &once);
            }
        }
    }
}
