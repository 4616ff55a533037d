use crate::fixture::{Fixture, NOW};
use crate::{AgentEdit, NewMessage};

async fn states(fixture: &Fixture) -> (i64, i64) {
    let waiting = "SELECT count(*) FROM turn WHERE state = 'waiting'";
    let running = "SELECT count(*) FROM turn WHERE state = 'running'";
    (fixture.count(waiting).await, fixture.count(running).await)
}

#[tokio::test]
async fn a_due_turn_is_claimed_with_its_message_and_the_next_one_waits_for_it() {
    let fixture = Fixture::new().await;
    let agent = fixture.agent().await;
    let channel = fixture.channel(agent).await;
    let first = fixture.new_message(&channel, "v_1", "One", NOW);
    let plan = first.turn.clone();
    let claim = NewMessage { claim: true, ..first };
    let (_, claimed) = fixture.store.post_visitor_message(claim).await.unwrap().unwrap();
    let claimed = claimed.unwrap();
    assert_eq!((claimed.id, claimed.answer, claimed.attempt), (plan.id, plan.answer, 1));
    assert_eq!(claimed.question.iter().map(|m| m.text.as_str()).collect::<Vec<_>>(), ["One"]);
    assert_eq!(states(&fixture).await, (0, 1));

    let second = fixture.new_message(&channel, "v_1", "Two", NOW);
    let second = NewMessage { claim: true, ..second };
    let (_, claimed) = fixture.store.post_visitor_message(second).await.unwrap().unwrap();
    assert!(claimed.is_none(), "one answer at a time");
    assert_eq!(states(&fixture).await, (1, 1));
    let due = fixture.store.claim_due_turns(NOW, 8).await.unwrap();
    assert!(due.claimed.is_empty() && due.next_due.is_none());

    let recovered = fixture.store.recover_turns(NOW, move |turn| turn == plan.id).await;
    assert_eq!(recovered.unwrap(), 0, "somebody works on it");
    assert_eq!(fixture.store.recover_turns(NOW, |_| false).await.unwrap(), 1);
    let due = fixture.store.claim_due_turns(NOW, 8).await.unwrap();
    assert_eq!(due.claimed.len(), 1);
    assert_eq!(due.claimed[0].attempt, 2);
    assert_eq!(due.claimed[0].question.len(), 2);
}

#[tokio::test]
async fn without_room_or_before_its_time_a_turn_waits() {
    let fixture = Fixture::new().await;
    let agent = fixture.agent().await;
    let channel = fixture.channel(agent).await;
    fixture.message(&channel, "v_1", "No room", NOW).await;
    assert_eq!(states(&fixture).await, (1, 0));

    let edit = AgentEdit::of_settings(|settings| settings.response_delay = 5);
    fixture.store.update_agent(fixture.workspace, agent, edit).await.unwrap();
    let early = fixture.new_message(&channel, "v_2", "Early", NOW);
    let early = NewMessage { claim: true, ..early };
    let (_, claimed) = fixture.store.post_visitor_message(early).await.unwrap().unwrap();
    assert!(claimed.is_none());
    let due = fixture.store.claim_due_turns(NOW, 0).await.unwrap();
    assert_eq!((due.claimed.len(), due.next_due), (0, Some(NOW)));
    let due = fixture.store.claim_due_turns(NOW, 8).await.unwrap();
    assert_eq!((due.claimed.len(), due.next_due), (1, Some(NOW.plus_millis(5_000))));
}
