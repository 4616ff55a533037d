//! Visitors' sessions: bound to a channel, a visitor, an origin and an hour.

use std::time::Duration;

use cavuer_protocol::ProblemCode;
use cavuer_protocol::console::ChannelChanges;
use reqwest::Method;

use crate::support::{Page, Reply, Shop, TestServer, Visitor, message_id};

/// Every call that takes a session.
async fn calls(visitor: &Visitor) -> Vec<Reply> {
    let mut replies = vec![visitor.try_say("Hello").await];
    for path in ["/messages?before=9", "/events"] {
        replies.push(Reply::to(visitor.request(Method::GET, path)).await);
    }
    replies
}

async fn assert_invalid(visitor: &Visitor) {
    for reply in calls(visitor).await {
        let problem = reply.problem(401, ProblemCode::SessionInvalid);
        assert!(problem.detail.contains("Open a new one"), "{}", problem.detail);
    }
}

#[tokio::test]
async fn a_session_lasts_an_hour() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let visitor = shop.guest().await;
    visitor.ask("Hello").await;
    server.clock.advance(Duration::from_secs(3_600) - Duration::from_millis(1));
    visitor.ask("Still here").await;
    let rows = server.database().rows();
    server.clock.advance(Duration::from_millis(1));
    assert_invalid(&visitor).await;
    assert_eq!(server.database().rows(), rows);
    // The widget opens a new one and is the same guest.
    let again = visitor.reloaded().await;
    assert_eq!(again.id(), visitor.id());
    assert_eq!(again.opened.expires_at.millis_since(visitor.opened.expires_at), 3_600_000);
    server.stop().await;
}

#[tokio::test]
async fn a_session_that_was_tampered_with_opens_nothing() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let mut visitor = shop.guest().await;
    visitor.ask("A secret of mine").await;
    let rows = server.database().rows();
    let honest = visitor.opened.session.expose().to_owned();
    let (said, signature) = honest.split_once('.').unwrap();
    let other = shop.guest().await.opened.session.expose().to_owned();
    let (other_said, _) = other.split_once('.').unwrap();
    let flipped = |text: &str, at: usize| {
        let flip = if &text[at..=at] == "0" { "1" } else { "0" };
        format!("{}{flip}{}", &text[..at], &text[at + 1..])
    };
    for forged in [
        String::new(),
        ".".to_owned(),
        said.to_owned(),
        format!("{said}."),
        format!("{other_said}.{signature}"),
        format!("{}.{signature}", flipped(said, 40)),
        format!("{said}.{}", flipped(signature, 0)),
        format!("{said}.{}", &signature[2..]),
        format!("{honest}.{signature}"),
        "é".to_owned(),
        "x".repeat(5_000),
    ] {
        visitor.opened.session = forged.into();
        assert_invalid(&visitor).await;
    }
    assert_eq!(server.database().rows(), rows);
    server.stop().await;
}

#[tokio::test]
async fn a_session_is_of_no_use_on_another_page() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let domains = Some(vec!["shop.example".to_owned(), "other.example".to_owned()]);
    let changes = ChannelChanges { allowed_domains: domains, ..Default::default() };
    shop.owner.change_channel(shop.channel.id, &changes).await;
    let visitor = shop.guest().await;
    visitor.ask("A secret of mine").await;
    // The channel allows each of these pages, but none of them is the session's.
    for origin in ["https://other.example", "http://shop.example", "https://shop.example:8443"] {
        assert_invalid(&visitor.on(&shop.page.at(origin))).await;
    }
    server.stop().await;
}

#[tokio::test]
async fn a_session_of_one_server_is_none_on_another() {
    let (server, other) = (TestServer::start().await, TestServer::start().await);
    let (shop, other_shop) = (server.shop().await, other.shop().await);
    let visitor = shop.guest().await.on(&other_shop.page);
    assert_invalid(&visitor).await;
    server.stop().await;
    other.stop().await;
}

#[tokio::test]
async fn nobody_sees_anybody_elses_conversation() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let (alice, bob) = (shop.guest().await, shop.user("bob").await);
    let other_channel = shop.owner.add_channel(shop.agent.id, &["shop.example"]).await;
    let other_page = Page::new(&server.http, &server.url(), &other_channel.token);
    // The same user id in another channel, which has another key, is another visitor.
    let secret_key = shop.owner.secret_key(other_channel.id).await;
    let hash = cavuer_http::guard::identity::hash(&secret_key, "bob");
    let claim = cavuer_protocol::widget::UserClaim { hash: Some(hash.into()), ..shop.claim("bob") };
    let namesake = other_page.open(other_page.claim(None, Some(claim))).await;
    let visitors = [(&alice, "SECRET-ALICE"), (&bob, "SECRET-BOB"), (&namesake, "SECRET-NAMESAKE")];

    let mut streams = Vec::new();
    for (visitor, _) in visitors {
        streams.push(visitor.events().await);
    }
    for (visitor, secret) in visitors {
        visitor.ask(secret).await;
    }
    for ((visitor, own), stream) in visitors.into_iter().zip(&mut streams) {
        let last = visitor.ask("That was all").await;
        stream.until(|event| format!("{event:?}").contains(&last.id.to_string())).await;
        let seen = format!("{:?}", stream.seen);
        let opened = format!("{:?}", visitor.conversation().await);
        let older = format!("{:?}", visitor.older(i64::MAX).await);
        for (place, text) in [("events", seen), ("session", opened), ("messages", older)] {
            assert!(text.contains(own), "{own} in {place}");
            assert_eq!(
                text.matches("SECRET-").count(),
                text.matches(own).count(),
                "{place}: {text}"
            );
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn nothing_is_written_for_somebody_who_only_looks() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let database = server.database();
    let change = database.change();
    look_around(&shop, &shop.guest().await).await;
    look_around(&shop, &shop.user("john@example.com").await).await;
    // Even with credentials that nobody has.
    let mut stranger = shop.guest().await.credentials();
    stranger.key = message_id().to_string().into();
    look_around(&shop, &shop.user_after(&stranger, "john@example.com").await).await;
    assert_eq!(database.change(), change);
    assert_eq!(database.rows(), Default::default());
    assert!(shop.owner.conversations().await.is_empty());
    server.stop().await;
}

async fn look_around(shop: &Shop, visitor: &Visitor) {
    let config = shop.page.config().await;
    assert_eq!(config.status, 200);
    assert_eq!(config.header("set-cookie"), None);
    assert!(visitor.events().await.next().await.is_some());
    assert!(visitor.older(100).await.messages.is_empty());
    assert_eq!(visitor.conversation().await, Default::default());
}
