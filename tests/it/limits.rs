//! How often visitors may call. Whoever is refused learns when to try again.

use std::time::Duration;

use cavuer_http::limits::{Rate, Rates};
use cavuer_protocol::ProblemCode;

use crate::support::{ORIGIN, Page, Reply, Setup, Shop, TestServer, Visitor};

/// Two at once, then one each ten seconds.
const TIGHT: Rate = Rate { burst: 2, per_minute: 6 };
const REFILL: Duration = Duration::from_secs(10);

/// A server with these limits, behind a proxy that tells the callers' addresses.
async fn start(rates: Rates) -> (TestServer, Shop) {
    let mut setup = Setup { rates, ..Setup::default() };
    setup.raw.behind_proxy = Some("yes".to_owned());
    let server = setup.start().await;
    let shop = server.shop().await;
    (server, shop)
}

/// Asserts the refusal and returns the seconds to wait.
#[track_caller]
fn assert_limited(reply: &Reply) -> u64 {
    let problem = reply.problem(429, ProblemCode::RateLimited);
    let seconds = reply.header("retry-after").expect("Retry-After").parse::<u64>().unwrap();
    assert!((1..=10).contains(&seconds), "{seconds}");
    assert!(problem.detail.contains(&seconds.to_string()), "{}", problem.detail);
    seconds
}

/// Asserts that a visitor's page can read the refusal, too.
#[track_caller]
fn assert_readable(reply: &Reply) {
    assert_eq!(reply.header("access-control-allow-origin"), Some(ORIGIN));
    assert!(reply.headers_of("access-control-expose-headers").contains("retry-after"));
}

async fn guest_at(shop: &Shop, address: &str) -> Visitor {
    shop.page.at_address(address).guest().await
}

#[tokio::test]
async fn messages_of_one_visitor() {
    let (server, shop) = start(Rates { visitor_messages: TIGHT, ..Rates::unlimited() }).await;
    let visitor = guest_at(&shop, "192.0.2.1").await;
    visitor.ask("One").await;
    visitor.ask("Two").await;
    let rows = server.database().rows();
    let refused = visitor.try_say("Three").await;
    let seconds = assert_limited(&refused);
    assert_readable(&refused);
    assert_eq!(server.database().rows(), rows);
    // From another address the visitor is the same; other visitors are not concerned.
    let moved = visitor.on(&shop.page.at_address("192.0.2.2"));
    assert_limited(&moved.try_say("Three").await);
    guest_at(&shop, "192.0.2.1").await.ask("Hello").await;

    server.clock.advance(Duration::from_secs(seconds));
    visitor.ask("Three").await;
    assert_limited(&visitor.try_say("Four").await);
    server.stop().await;
}

#[tokio::test]
async fn messages_from_one_address() {
    let (server, shop) = start(Rates { address_messages: TIGHT, ..Rates::unlimited() }).await;
    // Addresses of one IPv6 customer count as one.
    let near = ["2001:db8:1:2::1", "2001:db8:1:2:ffff::", "2001:db8:1:2::3"];
    for (count, address) in near.into_iter().enumerate() {
        let reply = guest_at(&shop, address).await.try_say("Hello").await;
        if count < 2 {
            assert_eq!(reply.status, 200);
        } else {
            assert_limited(&reply);
            assert_readable(&reply);
        }
    }
    // Only the last entry is the proxy's; the others are whatever the caller wrote.
    let forged = guest_at(&shop, "192.0.2.9, 2001:db8:1:2::4").await;
    assert_limited(&forged.try_say("Hello").await);
    guest_at(&shop, "2001:db8:1:3::1").await.ask("Hello").await;
    server.clock.advance(REFILL);
    guest_at(&shop, near[0]).await.ask("Hello").await;
    server.stop().await;
}

#[tokio::test]
async fn without_a_proxy_nobody_chooses_an_address() {
    let rates = Rates { address_messages: TIGHT, ..Rates::unlimited() };
    let server = Setup { rates, ..Setup::default() }.start().await;
    let shop = server.shop().await;
    guest_at(&shop, "192.0.2.1").await.ask("Hello").await;
    guest_at(&shop, "192.0.2.2").await.ask("Hello").await;
    assert_limited(&guest_at(&shop, "192.0.2.3").await.try_say("Hello").await);
    server.stop().await;
}

#[tokio::test]
async fn messages_in_one_channel() {
    let (server, shop) = start(Rates { channel_messages: TIGHT, ..Rates::unlimited() }).await;
    for number in 1..=2 {
        guest_at(&shop, &format!("192.0.2.{number}")).await.ask("Hello").await;
    }
    let visitor = guest_at(&shop, "192.0.2.3").await;
    let refused = visitor.try_say("Hello").await;
    assert_limited(&refused);
    assert_readable(&refused);
    // Another channel of the same agent has its own.
    let other = shop.owner.add_channel(shop.agent.id, &["shop.example"]).await;
    Page::new(&server.http, &server.url(), &other.token).guest().await.ask("Hello").await;
    server.clock.advance(REFILL);
    visitor.ask("Hello").await;
    server.stop().await;
}

#[tokio::test]
async fn other_calls_from_one_address() {
    let (server, shop) = start(Rates { address_calls: TIGHT, ..Rates::unlimited() }).await;
    let here = shop.page.at_address("192.0.2.1");
    let visitor = here.guest().await;
    assert_eq!(here.config().await.status, 200);
    let older = visitor.request(reqwest::Method::GET, "/messages?before=9");
    let events = visitor.request(reqwest::Method::GET, "/events");
    let replies = [
        here.config().await,
        here.try_open(&here.claim(None, None)).await,
        Reply::to(older).await,
        Reply::to(events).await,
    ];
    for reply in &replies {
        assert_limited(reply);
        // Or the widget could not tell a limit from a broken network.
        assert_readable(reply);
    }
    // A page that the channel does not allow learns nothing, not even that.
    let evil = here.at("https://evil.example").config().await;
    evil.problem(403, ProblemCode::WidgetUnavailable);
    assert_eq!(
        (evil.header("retry-after"), evil.header("access-control-allow-origin")),
        (None, None)
    );
    // What is already typed can still be sent, and others are not concerned.
    visitor.say("Hello").await;
    let elsewhere = shop.page.at_address("192.0.2.2");
    assert_eq!(elsewhere.config().await.status, 200);
    server.clock.advance(REFILL);
    assert_eq!(here.config().await.status, 200);
    visitor.on(&elsewhere).ask("Hello again").await;
    server.stop().await;
}
