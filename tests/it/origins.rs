//! On which pages the widget works. Elsewhere every call gets one and the same answer, which says
//! nothing about the reason.

use cavuer_protocol::ProblemCode;
use cavuer_protocol::console::{Channel, ChannelChanges};
use cavuer_protocol::widget::PostMessage;
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use crate::support::{ORIGIN, Page, Reply, Shop, TestServer, Visitor, message_id};

type Look = (Value, HeaderMap);

/// What each refusal must look like.
async fn refusal(server: &TestServer) -> Look {
    let page = Page::new(&server.http, &server.url(), "wgt_nobody_has_this_one");
    let reply = page.config().await;
    reply.problem(403, ProblemCode::WidgetUnavailable);
    look(&reply)
}

/// Asserts that every endpoint refuses the visitor on this page like that.
async fn assert_refused(what: &str, visitor: &Visitor, page: &Page, like: &Look) {
    let post = PostMessage::new(message_id(), "Hello".to_owned());
    let visitor = visitor.on(page);
    for (endpoint, reply) in [
        ("config", page.config().await),
        ("sessions", page.try_open(&page.claim(None, None)).await),
        ("POST messages", visitor.post(&post).await),
        ("GET messages", Reply::to(visitor.request(Method::GET, "/messages?before=9")).await),
        ("POST attachments", Reply::to(visitor.request(Method::POST, "/attachments")).await),
        ("GET attachments", Reply::to(visitor.request(Method::GET, "/attachments/x")).await),
        ("events", Reply::to(visitor.request(Method::GET, "/events")).await),
    ] {
        let problem = reply.problem(403, ProblemCode::WidgetUnavailable);
        assert_eq!(look(&reply), *like, "{what}: {endpoint}");
        assert_eq!(reply.header("access-control-allow-origin"), None, "{what}: {endpoint}");
        assert!(!problem.detail.contains("domain"), "{what}: {endpoint}: {}", problem.detail);
    }
}

/// An answer without what differs from request to request.
fn look(reply: &Reply) -> Look {
    let mut body: Value = serde_json::from_str(&reply.body).expect("JSON");
    let id = body["request_id"].take();
    assert_eq!(id.as_str(), reply.header("x-request-id"));
    let mut headers = reply.headers.clone();
    headers.remove("x-request-id");
    headers.remove("date");
    (body, headers)
}

async fn change(shop: &Shop, changes: ChannelChanges) -> Channel {
    shop.owner.change_channel(shop.channel.id, &changes).await
}

#[tokio::test]
async fn every_endpoint_gives_the_same_opaque_answer() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let like = refusal(&server).await;
    // The session was opened while everything was in order.
    let visitor = shop.guest().await;
    visitor.ask("Hello").await;
    let database = server.database();
    let rows = database.rows();

    assert_refused("no origin", &visitor, &shop.page.nowhere(), &like).await;
    for origin in [
        "null",
        "",
        "https://evil.example",
        "https://shop.example.evil.example",
        "https://notshop.example",
        "https://www.shop.example",
        "https://shop.example/",
        "https://shop.example@evil.example",
        "file://",
        "chrome-extension://shop.example",
        "shop.example",
        "https://SHOP.example",
        "https://shop.example, https://evil.example",
    ] {
        assert_refused(origin, &visitor, &shop.page.at(origin), &like).await;
    }

    let off = ChannelChanges { enabled: Some(false), ..Default::default() };
    change(&shop, off.clone()).await;
    assert_refused("channel off", &visitor, &shop.page, &like).await;

    let no_domains = ChannelChanges {
        enabled: Some(true),
        allowed_domains: Some(Vec::new()),
        ..Default::default()
    };
    change(&shop, no_domains).await;
    assert_refused("no domains", &visitor, &shop.page, &like).await;

    let elsewhere = ChannelChanges {
        allowed_domains: Some(vec!["other.example".to_owned()]),
        ..Default::default()
    };
    change(&shop, elsewhere).await;
    assert_refused("domain taken away", &visitor, &shop.page, &like).await;
    assert_eq!(database.rows(), rows);

    shop.owner.act(Method::DELETE, &format!("channels/{}", shop.channel.id)).await;
    assert_refused("channel deleted", &visitor, &shop.page, &like).await;
    server.stop().await;
}

#[tokio::test]
async fn without_a_token_the_answer_is_the_same_too() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let like = refusal(&server).await;
    for path in ["/config", "/config?token=", "/config?token=wgt_", "/config?tokens=x"] {
        let reply = Reply::to(shop.page.request(Method::GET, path)).await;
        assert_eq!(look(&reply), like, "{path}");
    }
    let mut asked = shop.page.claim(None, None);
    for token in ["", "wgt_", "%", &shop.channel.token.to_lowercase(), &shop.secret_key] {
        token.clone_into(&mut asked.token);
        assert_eq!(look(&shop.page.try_open(&asked).await), like, "{token}");
    }
    // A call that needs a session and has none is told to open one.
    for (method, path) in
        [(Method::POST, "/messages"), (Method::GET, "/messages?before=1"), (Method::GET, "/events")]
    {
        let reply = Reply::to(shop.page.request(method, path).json(&json!({}))).await;
        reply.problem(401, ProblemCode::SessionInvalid);
    }
    server.stop().await;
}

#[tokio::test]
async fn domains_mean_what_they_say() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    for (typed, allowed, refused) in [
        (
            "shop.example",
            vec!["https://shop.example", "http://shop.example:8080"],
            vec!["https://a.shop.example"],
        ),
        (
            "*.shop.example",
            vec!["https://a.shop.example", "https://a.b.shop.example"],
            vec!["https://shop.example"],
        ),
        (
            "localhost:3000",
            vec!["http://localhost:3000"],
            vec!["http://localhost", "http://localhost:3001"],
        ),
        ("127.0.0.1:3000", vec!["http://127.0.0.1:3000"], vec!["http://127.0.0.1:8080"]),
        (
            "https://Shop.Example:443/path?x",
            vec!["https://shop.example"],
            vec!["http://shop.example"],
        ),
        ("bücher.example", vec!["https://xn--bcher-kva.example"], vec!["https://bcher.example"]),
        ("[::1]:3000", vec!["http://[::1]:3000"], vec!["http://[::2]:3000"]),
    ] {
        let domains = Some(vec![typed.to_owned()]);
        change(&shop, ChannelChanges { allowed_domains: domains, ..Default::default() }).await;
        for origin in allowed {
            let reply = shop.page.at(origin).config().await;
            assert_eq!(reply.status, 200, "{typed} {origin}");
            assert_eq!(reply.header("access-control-allow-origin"), Some(origin));
        }
        for origin in refused {
            assert_eq!(shop.page.at(origin).config().await.status, 403, "{typed} {origin}");
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn the_owner_learns_the_reason_and_the_visitor_does_not() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    shop.page.at("https://evil.example").config().await;
    shop.page.nowhere().config().await;
    change(&shop, ChannelChanges { enabled: Some(false), ..Default::default() }).await;
    shop.page.config().await;

    let path = format!("channels/{}", shop.channel.id);
    let channel: Channel = shop.owner.get(&path).await;
    let reasons = channel.refusals.iter().map(|refusal| refusal.reason.as_str());
    let reasons = reasons.collect::<Vec<_>>();
    assert_eq!(reasons.len(), 3, "{reasons:?}");
    assert!(reasons[0].contains("switched off"), "{reasons:?}");
    assert!(reasons[1].contains("no origin"), "{reasons:?}");
    assert!(reasons[2].contains("https://evil.example") && reasons[2].contains("Security"));
    assert_eq!(channel.refusals[0].origin.as_deref(), Some(ORIGIN));
    server.stop().await;
}
