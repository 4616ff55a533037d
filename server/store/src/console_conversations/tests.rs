use super::*;
use crate::VisitorKind;
use crate::fixture::{Fixture, NOW};

fn at(millis: i64) -> Timestamp {
    NOW.plus_millis(millis)
}

async fn found(fixture: &Fixture, query: &str) -> usize {
    let query = Some(query.to_owned());
    let list = fixture.store.conversation_summaries(fixture.workspace, query, None).await;
    list.unwrap().conversations.len()
}

#[tokio::test]
async fn the_newest_message_is_the_preview() {
    let fixture = Fixture::new().await;
    let channel = fixture.channel(fixture.agent().await).await;
    fixture.message(&channel, "v_1", "First", at(0)).await;
    let second = format!("Second\n  {}", "ж".repeat(200));
    let id = fixture.message(&channel, "v_1", &second, at(1)).await;
    let summary = fixture.store.conversation_summary(fixture.workspace, id).await.unwrap();
    let summary = summary.unwrap();
    assert!(summary.preview.starts_with("Second ж") && summary.preview.ends_with("ж…"));
    assert_eq!(summary.preview.chars().count(), PREVIEW_CHARS + 1);
    assert_eq!((summary.updated_at, summary.visitor.kind), (at(1), VisitorKind::Guest));
}

#[tokio::test]
async fn pages_cover_everything_once_even_where_moments_are_shared() {
    let fixture = Fixture::new().await;
    let channel = fixture.channel(fixture.agent().await).await;
    // The 48th to the 54th share a moment, across the end of the first page.
    for number in 0..120 {
        let millis = if (66..73).contains(&number) { 66 } else { number };
        fixture.message(&channel, &format!("v_{number}"), "Hello", at(millis)).await;
    }
    let (mut seen, mut sizes, mut before) = (std::collections::HashSet::new(), vec![], None);
    loop {
        let list = fixture.store.conversation_summaries(fixture.workspace, None, before).await;
        let list = list.unwrap();
        assert!(list.conversations.is_sorted_by(|a, b| a.updated_at >= b.updated_at));
        sizes.push(list.conversations.len());
        seen.extend(list.conversations.into_iter().map(|summary| summary.id));
        before = list.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!((seen.len(), sizes), (120, vec![54, 50, 16]));
}

#[tokio::test]
async fn search_looks_at_visitors_and_messages_and_takes_signs_as_they_are() {
    let fixture = Fixture::new().await;
    let channel = fixture.channel(fixture.agent().await).await;
    fixture.message(&channel, "v_AbC1", "Сколько стоит доставка?", at(0)).await;
    fixture.message(&channel, "v_2", "Is it 100% wool?", at(1)).await;
    for (query, count) in
        [("v_abc", 1), ("ДОСТАВКА", 1), ("100%", 1), ("0%w", 0), ("v_", 2), ("_", 2), ("x", 0)]
    {
        assert_eq!(found(&fixture, query).await, count, "{query}");
    }
}

#[tokio::test]
async fn another_workspace_sees_no_conversation() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    let channel = fixture.channel(fixture.agent().await).await;
    let id = fixture.message(&channel, "v_1", "Hello", NOW).await;
    let other = fixture.other_workspace().await;
    let list = store.conversation_summaries(other, None, None).await.unwrap();
    assert!(list.conversations.is_empty());
    assert!(store.conversation_summary(other, id).await.unwrap().is_none());
    assert!(store.conversation_detail(other, id).await.unwrap().is_none());
    assert!(store.messages_before(other, id, i64::MAX).await.unwrap().is_none());
    assert!(store.conversation_place(other, id).await.unwrap().is_none());
    let mine = store.conversation_detail(fixture.workspace, id).await.unwrap().unwrap();
    assert_eq!(mine.conversation.newest.messages[0].text, "Hello");
}
