//! The visitor's event stream: snapshots, and going on where one was cut off.

use std::time::Duration;

use cavuer_protocol::console::ChannelChanges;
use cavuer_protocol::{Conversation, ConversationEvent};
use cavuer_tests::provider::{Script, ScriptedProvider};
use reqwest::Method;

use crate::support::{EventStream, Setup, TestServer};

#[tokio::test]
async fn a_fresh_stream_begins_with_the_conversation() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let visitor = shop.guest().await;
    // Opening waits for the first bytes, which come although nothing has happened.
    let mut events = visitor.events().await;
    let empty = ConversationEvent::Snapshot { conversation: Conversation::default() };
    assert_eq!(events.next().await, Some(empty));
    visitor.ask("Hello").await;
    let mut later = visitor.events().await;
    let conversation = visitor.conversation().await;
    assert_eq!(later.next().await, Some(ConversationEvent::Snapshot { conversation }));
    server.stop().await;
}

#[tokio::test]
async fn nothing_between_server_and_page_may_hold_a_stream_back() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let visitor = shop.guest().await;
    let request = visitor.request(Method::GET, "/events");
    let request = request.header("accept-encoding", "br, gzip, deflate");
    let events = EventStream::<ConversationEvent>::open(request).await;
    assert_eq!(events.headers["cache-control"], "no-store, no-transform");
    assert_eq!(events.headers["x-accel-buffering"], "no");
    assert_eq!(events.headers.get("content-encoding"), None);
    assert_eq!(events.headers.get("content-length"), None);
    drop(events);
    server.stop().await;
}

#[tokio::test]
async fn a_stream_goes_on_exactly_where_it_was_cut_off() {
    let provider = ScriptedProvider::start().await;
    provider.push(Script::answer("one two three four").hold_after(2));
    let server = Setup::default().with_provider(&provider).start().await;
    let shop = server.shop_with("openai/test").await;
    let visitor = shop.guest().await;
    let mut whole = visitor.events().await;
    let mut cut = visitor.events().await;
    visitor.say("Hello?").await;
    cut.first_words().await;
    let last = cut.last_id();
    drop(cut);

    provider.wait_until_held(1).await;
    provider.release();
    let answer = whole.reply().await;
    visitor.say("[[say Second.]]").await;
    let second = whole.reply().await;

    let mut resumed = visitor.events_after(&last).await;
    while resumed.reply().await != second {}
    let at = whole.seen.iter().position(|(id, _)| *id == last).expect("the same ids");
    assert_eq!(resumed.seen, whole.seen[at + 1..]);
    assert!(resumed.seen.iter().any(|(_, event)| {
        matches!(event, ConversationEvent::MessageAdded { message } if *message == answer)
    }));
    // From whatever place on, the same events follow.
    for at in 0..whole.seen.len() - 1 {
        let mut resumed = visitor.events_after(&whole.seen[at].0).await;
        while resumed.seen.len() < whole.seen.len() - at - 1 {
            resumed.next().await;
        }
        assert_eq!(resumed.seen, whole.seen[at + 1..]);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_place_that_the_server_does_not_know_is_a_fresh_start() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let visitor = shop.guest().await;
    let mut events = visitor.events().await;
    visitor.say("Hello").await;
    events.reply().await;
    let known = events.last_id();
    let (epoch, _) = known.rsplit_once('-').unwrap();
    let conversation = visitor.conversation().await;
    for unknown in
        ["", "nonsense", "other-1", "-", &format!("{epoch}-99999"), &format!("{epoch}--1"), epoch]
    {
        let mut fresh = visitor.events_after(unknown).await;
        let snapshot = ConversationEvent::Snapshot { conversation: conversation.clone() };
        assert_eq!(fresh.next().await, Some(snapshot), "{unknown:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn places_of_an_earlier_run_are_a_fresh_start() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let visitor = shop.guest().await;
    let mut events = visitor.events().await;
    visitor.say("Hello").await;
    events.reply().await;
    let (last, opened) = (events.last_id(), visitor.opened.clone());
    drop(events);
    let server = server.restart().await;

    // The session outlives the restart, because the key that signed it does.
    let page = crate::support::Page::new(&server.http, &server.url(), &shop.channel.token);
    let mut visitor = page.guest().await;
    visitor.opened = opened;
    let mut events = visitor.events_after(&last).await;
    let conversation = visitor.conversation().await;
    assert_eq!(conversation.messages.len(), 2);
    assert_eq!(events.next().await, Some(ConversationEvent::Snapshot { conversation }));
    server.stop().await;
}

#[tokio::test]
async fn streams_end_when_the_server_stops() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let visitor = shop.guest().await;
    let mut events = visitor.events().await;
    let mut console = shop.owner.events().await;
    events.next().await;
    server.stop().await;
    events.end().await;
    console.end().await;
}

#[tokio::test]
async fn open_streams_are_counted_while_they_are_open() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let visitor = shop.guest().await;
    let open = async || {
        let text = server.get("/metrics").await.body;
        let line = text.lines().find_map(|line| line.strip_prefix("cavuer_open_streams "));
        line.expect("a number of open streams").parse::<i64>().unwrap()
    };
    let streams = [visitor.events().await, visitor.events().await];
    assert_eq!(open().await, 2);
    drop(streams);
    // The server learns of it when the connections close, which needs no event.
    crate::support::in_time("the end of both", async { while open().await > 0 {} }).await;
    server.stop().await;
}

#[tokio::test]
async fn a_stream_outlives_neither_the_channel_nor_the_domain_nor_the_session() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let visitor = shop.guest().await;
    let keep_alive = Duration::from_secs(15);

    let mut events = visitor.events().await;
    events.next().await;
    server.clock.advance(keep_alive);
    visitor.ask("Hello").await;
    events.reply().await;

    let off = ChannelChanges { enabled: Some(false), ..Default::default() };
    shop.owner.change_channel(shop.channel.id, &off).await;
    server.clock.advance(keep_alive);
    events.end().await;

    let elsewhere = vec!["other.example".to_owned()];
    let on = ChannelChanges { enabled: Some(true), ..Default::default() };
    shop.owner.change_channel(shop.channel.id, &on).await;
    let mut events = visitor.events().await;
    let moved = ChannelChanges { allowed_domains: Some(elsewhere), ..Default::default() };
    shop.owner.change_channel(shop.channel.id, &moved).await;
    server.clock.advance(keep_alive);
    events.end().await;

    let back = vec!["shop.example".to_owned(), "localhost".to_owned()];
    let back = ChannelChanges { allowed_domains: Some(back), ..Default::default() };
    shop.owner.change_channel(shop.channel.id, &back).await;
    let mut events = visitor.events().await;
    server.clock.advance(Duration::from_secs(3_600));
    events.end().await;
    server.stop().await;
}
