use cavuer_protocol::{Author, ChannelId, ConversationId, MessageId};

use super::*;
use cavuer_store::VisitorKind;

const NOW: Timestamp = Timestamp(0);

fn place() -> ConversationPlace {
    ConversationPlace {
        workspace: WorkspaceId::from_parts(1, &[1; 10]),
        conversation: ConversationId::from_parts(1, &[2; 10]),
        visitor: VisitorIdentity {
            channel: ChannelId::from_parts(1, &[3; 10]),
            kind: VisitorKind::Guest,
            public_id: "v_1".to_owned(),
        },
    }
}

fn started(number: u8) -> ConversationEvent {
    ConversationEvent::AnswerStarted {
        message_id: MessageId::from_parts(1, &[number; 10]),
        author: Author::System,
    }
}

async fn event(subscription: &mut Subscription) -> Numbered {
    match subscription.next().await {
        Next::Event(event) => event,
        Next::Gap => panic!("a gap"),
    }
}

#[tokio::test]
async fn a_fresh_listener_gets_a_gap_and_then_what_follows() {
    let hub = Live::new(&Random::from_seed(1));
    hub.publish(&place(), &started(1), NOW);
    let mut listener = hub.subscribe_visitor(place().visitor, None, NOW);
    assert!(matches!(listener.next().await, Next::Gap));
    assert!(listener.catch_up().draft.is_some());
    hub.publish(&place(), &started(2), NOW);
    let id = MessageId::from_parts(1, &[2; 10]).to_string();
    assert!(event(&mut listener).await.json.contains(&id));
}

#[tokio::test]
async fn a_returning_listener_goes_on_where_it_was() {
    let hub = Live::new(&Random::from_seed(1));
    let mut first = hub.subscribe_visitor(place().visitor, None, NOW);
    first.catch_up();
    hub.publish(&place(), &started(1), NOW);
    hub.publish(&place(), &started(2), NOW);
    let seen = event(&mut first).await;
    let mut again = hub.subscribe_visitor(place().visitor, Some(&seen.id), NOW);
    assert_eq!(event(&mut again).await.id, event(&mut first).await.id);
}

#[tokio::test]
async fn numbers_that_the_hub_cannot_vouch_for_are_a_gap() {
    let hub = Live::new(&Random::from_seed(1));
    let mut keeper = hub.subscribe_visitor(place().visitor, None, NOW);
    let start = keeper.catch_up().id;
    for _ in 0..=KEPT {
        hub.publish(&place(), &started(1), NOW);
    }
    for unknown in [start.as_str(), "other-1", "nonsense", "", &format!("{start}9999")] {
        let mut listener = hub.subscribe_visitor(place().visitor, Some(unknown), NOW);
        assert!(matches!(listener.next().await, Next::Gap), "{unknown}");
    }
}

#[tokio::test]
async fn what_is_forgotten_is_told_to_nobody_again() {
    let hub = Live::new(&Random::from_seed(1));
    let mut listener = hub.subscribe_visitor(place().visitor, None, NOW);
    let start = listener.catch_up().id;
    let mut console = hub.subscribe_workspace(place().workspace, None, NOW);
    let console_start = console.catch_up().id;
    hub.publish(&place(), &started(1), NOW);
    hub.forget(&place());
    assert!(matches!(listener.next().await, Next::Gap));
    assert!(listener.catch_up().draft.is_none());
    let mut late = hub.subscribe_visitor(place().visitor, Some(&start), NOW);
    assert!(matches!(late.next().await, Next::Gap));
    let mut late = hub.subscribe_workspace(place().workspace, Some(&console_start), NOW);
    assert!(matches!(late.next().await, Next::Gap));
    hub.publish(&place(), &started(2), NOW);
    let id = MessageId::from_parts(1, &[2; 10]).to_string();
    assert!(event(&mut listener).await.json.contains(&id));
}

#[tokio::test]
async fn a_console_that_has_heard_everything_has_no_gap_when_something_is_forgotten() {
    let hub = Live::new(&Random::from_seed(1));
    let mut console = hub.subscribe_workspace(place().workspace, None, NOW);
    console.catch_up();
    hub.publish(&place(), &started(1), NOW);
    event(&mut console).await;
    // Something happens elsewhere.
    let elsewhere = VisitorIdentity { kind: VisitorKind::User, ..place().visitor };
    hub.publish_to_visitor(&elsewhere, &started(2), NOW);
    hub.forget(&place());
    let gone = ConsoleEvent::ConversationRemoved { conversation: place().conversation };
    hub.publish_to_consoles(place().workspace, &gone, NOW);
    assert!(event(&mut console).await.json.contains("conversation_removed"));
}

#[tokio::test]
async fn another_visitor_hears_nothing() {
    let hub = Live::new(&Random::from_seed(1));
    let stranger = VisitorIdentity { kind: VisitorKind::User, ..place().visitor };
    let mut listener = hub.subscribe_visitor(stranger, None, NOW);
    listener.catch_up();
    hub.publish(&place(), &started(1), NOW);
    assert!(listener.poll().is_none());
}

#[test]
fn quiet_topics_are_forgotten_and_listened_ones_are_not() {
    let hub = Live::new(&Random::from_seed(1));
    let listener = hub.subscribe_visitor(place().visitor, None, NOW);
    hub.sweep(Timestamp(QUIET_MILLIS));
    assert_eq!(hub.state().topics.len(), 1);
    drop(listener);
    hub.sweep(Timestamp(QUIET_MILLIS));
    assert_eq!(hub.state().topics.len(), 0);
}
