//! For those who run the server: health, readiness, metrics.

use reqwest::Method;

use crate::support::{Reply, TestServer};

#[tokio::test]
async fn health_and_readiness() {
    let server = TestServer::start().await;
    let (health, ready) = (server.get("/healthz").await, server.get("/readyz").await);
    assert_eq!((health.status.as_u16(), health.body.as_str()), (200, "ok\n"));
    assert_eq!((ready.status.as_u16(), ready.body.as_str()), (200, "ready\n"));
    server.stop().await;
}

#[tokio::test]
async fn metrics_count_and_name_nobody() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let visitor = shop.user("john@example.com").await;
    visitor.ask("Hello, this is private").await;
    let refused = shop.page.at("https://evil.example").config().await;
    assert_eq!(refused.status, 403);
    server.get("/an/address/that/somebody/made/up").await;

    let metrics = server.get("/metrics").await;
    let content_type = metrics.header("content-type").unwrap();
    assert!(content_type.starts_with("application/openmetrics-text"), "{content_type}");
    assert!(metrics.body.ends_with("# EOF\n"));
    for line in [
        "cavuer_visitor_messages_total 1",
        "cavuer_answers_total 1",
        "cavuer_failed_answers_total 0",
        "cavuer_first_token_seconds_count 1",
    ] {
        assert!(metrics.body.lines().any(|found| found == line), "{line} in\n{}", metrics.body);
    }
    let count = |route: &str, method: &str, status: &str| {
        let labels = [
            format!("route=\"{route}\""),
            format!("method=\"{method}\""),
            format!("status=\"{status}\""),
        ];
        let mut lines =
            metrics.body.lines().filter(|line| labels.iter().all(|label| line.contains(label)));
        lines.next().map(|line| line.rsplit(' ').next().unwrap().to_owned())
    };
    assert_eq!(count("/api/widget/v1/messages", "POST", "200").as_deref(), Some("1"));
    assert_eq!(count("/api/widget/v1/config", "GET", "403").as_deref(), Some("1"));
    let agents = "/api/console/v1/workspaces/{workspace}/agents";
    assert_eq!(count(agents, "POST", "201").as_deref(), Some("1"));
    // What callers choose does not become a label, and nobody is named.
    for secret in [
        "made/up",
        "evil",
        "john",
        "private",
        "shop.example",
        "anna",
        &shop.channel.token,
        &shop.channel.id.to_string(),
        &shop.owner.workspace.to_string(),
    ] {
        assert!(!metrics.body.contains(secret), "{secret} in\n{}", metrics.body);
    }
    server.stop().await;
}

#[tokio::test]
async fn methods_that_callers_make_up_are_no_labels() {
    let server = TestServer::start().await;
    for number in 0..50 {
        let method = reqwest::Method::from_bytes(format!("MADEUP{number}").as_bytes()).unwrap();
        let reply = crate::support::Reply::to(server.request(method, "/healthz")).await;
        assert_eq!(reply.status, 405);
    }
    let metrics = server.get("/metrics").await.body;
    assert!(!metrics.contains("MADEUP"), "each costs memory for ever:\n{metrics}");
    server.stop().await;
}

#[tokio::test]
async fn the_configuration_travels_compressed_and_nothing_private_does() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let path = format!("/config?token={}", shop.channel.token);
    let compressed = |request: reqwest::RequestBuilder| request.header("accept-encoding", "gzip");
    let config = Reply::to(compressed(shop.page.request(Method::GET, &path))).await;
    assert_eq!(config.header("content-encoding"), Some("gzip"));
    assert!(config.headers_of("vary").contains("accept-encoding"), "{:?}", config.headers);
    let plain = Reply::to(shop.page.request(Method::GET, &path)).await;
    assert_eq!(plain.header("content-encoding"), None);

    // What visitors write and a secret would share one compressed body, whose length tells of both.
    let visitor = shop.guest().await;
    visitor.ask("Hello").await;
    let older = visitor.request(Method::GET, "/messages?before=9");
    assert_eq!(Reply::to(compressed(older)).await.header("content-encoding"), None);
    server.stop().await;
}
