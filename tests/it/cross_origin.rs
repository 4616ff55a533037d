//! Which pages a browser lets read the answers.

use cavuer_protocol::ProblemCode;
use cavuer_protocol::console::ChannelChanges;
use reqwest::Method;
use serde_json::json;

use crate::support::{ORIGIN, Page, Reply, TestServer};

const ENDPOINTS: [(&str, &str); 7] = [
    ("GET", "/config"),
    ("POST", "/sessions"),
    ("POST", "/messages"),
    ("GET", "/messages"),
    ("GET", "/events"),
    ("POST", "/attachments"),
    ("GET", "/attachments/x"),
];

/// Asserts that nobody may read the answer.
#[track_caller]
fn assert_unreadable(reply: &Reply) {
    for name in reply.headers.keys().map(|name| name.as_str()) {
        assert!(!name.starts_with("access-control-"), "{name} in {:?}", reply.headers);
    }
    assert_varies(reply);
}

/// Asserts that this origin alone may read the answer.
#[track_caller]
fn assert_readable_by(origin: &str, reply: &Reply) {
    assert_eq!(reply.headers_of("access-control-allow-origin"), origin);
    assert_eq!(reply.header("access-control-allow-credentials"), None);
    let exposed = reply.headers_of("access-control-expose-headers");
    assert!(exposed.contains("retry-after"), "{exposed}");
    assert_varies(reply);
}

#[track_caller]
fn assert_varies(reply: &Reply) {
    let vary = reply.headers_of("vary").to_lowercase();
    assert!(vary.contains("origin"), "vary: {vary}");
}

#[tokio::test]
async fn a_preflight_names_the_origin_and_may_be_remembered() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    for (method, path) in ENDPOINTS {
        let reply = shop.page.preflight(method, path).await;
        assert_eq!((reply.status.as_u16(), reply.body.as_str()), (204, ""));
        assert_readable_by(ORIGIN, &reply);
        let seconds = reply.header("access-control-max-age").unwrap().parse::<u32>().unwrap();
        assert!(seconds >= 600, "{seconds}");
        assert!(reply.headers_of("access-control-allow-methods").contains(method));
        let allowed = reply.headers_of("access-control-allow-headers");
        for name in ["authorization", "content-type", "last-event-id"] {
            assert!(allowed.contains(name), "{name} in {allowed}");
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn a_preflight_of_another_site_is_told_nothing() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    for (method, path) in ENDPOINTS {
        for page in [
            shop.page.at("https://evil.example"),
            shop.page.at("null"),
            shop.page.at("*"),
            shop.page.nowhere(),
        ] {
            assert_unreadable(&page.preflight(method, path).await);
        }
    }
    // A channel that is off opens the door for nobody.
    let off = ChannelChanges { enabled: Some(false), ..Default::default() };
    shop.owner.change_channel(shop.channel.id, &off).await;
    assert_unreadable(&shop.page.preflight("POST", "/messages").await);
    server.stop().await;
}

#[tokio::test]
async fn answers_name_the_page_that_was_let_in_and_no_other() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let domains = Some(vec!["shop.example".to_owned(), "*.shop.example".to_owned()]);
    let changes = ChannelChanges { allowed_domains: domains, ..Default::default() };
    shop.owner.change_channel(shop.channel.id, &changes).await;

    for origin in [ORIGIN, "http://localhost.shop.example:8080"] {
        let page = shop.page.at(origin);
        let config = page.config().await;
        assert_readable_by(origin, &config);
        assert!(config.headers_of("vary").contains("accept-language"), "{:?}", config.headers);
        let visitor = page.guest().await;
        assert_readable_by(origin, &visitor.try_say("Hello").await);
        let older = Reply::to(visitor.request(Method::GET, "/messages?before=1")).await;
        assert_readable_by(origin, &older);
        let events = visitor.events().await;
        assert_eq!(events.headers["access-control-allow-origin"], origin);
        // Refusals that the widget has to understand can be read as well.
        assert_readable_by(origin, &visitor.try_say(" ").await);
        assert_readable_by(origin, &without_session(&page).await);
        let broken = visitor.request(Method::POST, "/messages").json(&json!({"text": 1}));
        assert_readable_by(origin, &Reply::to(broken).await);
    }
    for page in [shop.page.at("https://evil.example"), shop.page.at("null"), shop.page.nowhere()] {
        assert_unreadable(&page.config().await);
        assert_unreadable(&page.try_open(&page.claim(None, None)).await);
        assert_unreadable(&without_session(&page).await);
    }
    server.stop().await;
}

#[tokio::test]
async fn the_console_can_be_read_by_no_other_site() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let agents = format!("/workspaces/{}/agents", shop.owner.workspace);
    for path in ["/me", "/setup", "/sign-in", &agents] {
        for method in [Method::GET, Method::POST, Method::OPTIONS] {
            let request = server
                .request(method, &format!("/api/console/v1{path}"))
                .header("cookie", &shop.owner.cookie)
                .header("origin", ORIGIN)
                .header("access-control-request-method", "POST");
            let reply = Reply::to(request).await;
            let mut names = reply.headers.keys().map(|name| name.as_str());
            assert_eq!(names.find(|name| name.starts_with("access-control-")), None, "{path}");
        }
    }
    server.stop().await;
}

/// A call without the session that it needs.
async fn without_session(page: &Page) -> Reply {
    let reply = Reply::to(page.request(Method::GET, "/events")).await;
    reply.problem(401, ProblemCode::SessionInvalid);
    reply
}
