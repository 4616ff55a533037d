//! The console's event stream.

use std::time::Duration;

use cavuer_protocol::ProblemCode;
use reqwest::Method;

use crate::support::{Reply, TestServer};

#[tokio::test]
async fn nobody_listens_without_a_session() {
    let server = TestServer::start().await;
    let anna = server.owner("anna").await;
    let path = format!("/api/console/v1/workspaces/{}/events", anna.workspace);
    server.get(&path).await.problem(401, ProblemCode::SignInRequired);
    server.stop().await;
}

#[tokio::test]
async fn the_stream_is_not_kept_back_on_its_way() {
    let server = TestServer::start().await;
    let events = server.owner("anna").await.events().await;
    assert_eq!(events.headers["x-accel-buffering"], "no");
    assert_eq!(events.headers["cache-control"], "no-store");
    assert!(!events.headers.contains_key("content-encoding"));
    server.stop().await;
}

#[tokio::test]
async fn whoever_signed_out_hears_no_more() {
    let server = TestServer::start().await;
    let anna = server.owner("anna").await;
    let mut events = anna.events().await;
    let reply = Reply::to(anna.request(Method::POST, "/sign-out")).await;
    assert_eq!(reply.status, 204);
    server.clock.advance(Duration::from_secs(15));
    assert_eq!(events.next().await, None);
    server.stop().await;
}

#[tokio::test]
async fn a_stopping_server_ends_the_stream() {
    let server = TestServer::start().await;
    let mut events = server.owner("anna").await.events().await;
    server.stop().await;
    assert_eq!(events.next().await, None);
}
