use cavuer_protocol::values::Position;

use super::*;
use crate::fixture::{Fixture, NOW};

fn keys(channel: &WidgetChannel, now: Timestamp) -> Vec<&str> {
    channel.valid_keys(now).map(Secret::expose).collect()
}

#[tokio::test]
async fn a_new_channel_is_off_and_titled_like_its_agent() {
    let fixture = Fixture::new().await;
    let channel = fixture.widget(fixture.agent().await).await;
    assert!(
        !channel.channel.enabled
            && channel.channel.merge_guests
            && !channel.channel.require_identification
    );
    assert_eq!(channel.appearance.title, "Ada");
    assert_eq!(channel.appearance.position, Position::Right);
    let found = fixture.store.channel_by_token(channel.token.clone()).await.unwrap();
    assert_eq!(found.unwrap().channel.id, channel.channel.id);
}

#[tokio::test]
async fn changes_are_kept_and_seen_at_the_agent() {
    let fixture = Fixture::new().await;
    let agent = fixture.agent().await;
    let channel = fixture.widget(agent).await;
    let update = async |edit| {
        let update =
            fixture.store.update_channel(fixture.workspace, channel.channel.id, edit).await;
        update.unwrap().unwrap()
    };
    update(WidgetEdit { enabled: Some(true), ..Default::default() }).await;
    let summary = async || {
        let agent = fixture.store.agent(fixture.workspace, agent).await.unwrap().unwrap();
        agent.channels[0].clone()
    };
    assert_eq!(summary().await.allowed_domains, Some(Vec::new()));
    let domains = Some(vec!["example.com".to_owned()]);
    let changed =
        update(WidgetEdit { allowed_domains: domains.clone(), ..Default::default() }).await;
    assert!(changed.channel.enabled);
    assert_eq!(Some(&changed.allowed_domains), domains.as_ref());
    assert_eq!(*changed.domains, [AllowedDomain::parse("example.com").unwrap()]);
    assert_eq!(fixture.store.allowed_domains_of_all().await.unwrap(), *changed.domains);
    assert_eq!(summary().await.allowed_domains, domains);
}

#[tokio::test]
async fn a_rotated_key_holds_on_for_its_time() {
    let fixture = Fixture::new().await;
    let channel = fixture.widget(fixture.agent().await).await;
    let first = channel.secret_key.expose();
    let rotate = async |key: &str, until| {
        let (workspace, id) = (fixture.workspace, channel.channel.id);
        let rotated = fixture.store.rotate_secret_key(workspace, id, key.into(), until);
        assert!(rotated.await.unwrap());
        fixture.store.channel(workspace, id).await.unwrap().unwrap()
    };
    let until = NOW.plus_millis(1_000);
    let rotated = rotate("sk_2", Some(until)).await;
    assert_eq!(keys(&rotated, NOW), ["sk_2", first]);
    assert_eq!(keys(&rotated, until), ["sk_2"]);
    let rotated = rotate("sk_3", None).await;
    assert_eq!(keys(&rotated, NOW), ["sk_3"]);
    assert_eq!(rotated.old_secret_key, None);
}

#[tokio::test]
async fn another_workspace_sees_and_changes_no_channel() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    let channel = fixture.widget(fixture.agent().await).await;
    let other = fixture.other_workspace().await;
    assert!(store.channel(other, channel.channel.id).await.unwrap().is_none());
    let edit = WidgetEdit::default();
    assert!(store.update_channel(other, channel.channel.id, edit).await.unwrap().is_none());
    let key = Secret::new("sk_2");
    assert!(!store.rotate_secret_key(other, channel.channel.id, key, None).await.unwrap());
    assert!(!store.delete_channel(other, channel.channel.id).await.unwrap());
    let new = NewWidgetChannel {
        id: fixture.random.id(NOW, ChannelId::from_parts),
        agent: channel.channel.agent,
        name: "Mine".to_owned(),
        token: "wgt_x".to_owned(),
        secret_key: "sk_x".into(),
        color: "#000000".to_owned(),
        created_at: NOW,
    };
    assert!(store.create_widget(other, new).await.unwrap().is_none());
    assert_eq!(fixture.count("SELECT count(*) FROM channel").await, 1);
}

#[tokio::test]
async fn debug_prints_no_secret() {
    let fixture = Fixture::new().await;
    let channel = fixture.widget(fixture.agent().await).await;
    assert!(!format!("{channel:?}").contains(channel.secret_key.expose()));
}
