//! Requests that another site makes a signed-in person's browser send.

use cavuer_protocol::ProblemCode;
use cavuer_protocol::console::NewWorkspace;
use reqwest::{Method, RequestBuilder};

use crate::support::{Owner, Reply, TestServer};

/// What a browser sends with the owner's cookie, wherever the page is from.
fn forged(server: &TestServer, owner: &Owner) -> RequestBuilder {
    let wanted = NewWorkspace { name: "Forged".to_owned() };
    server
        .request(Method::POST, "/api/console/v1/workspaces")
        .header("cookie", &owner.cookie)
        .json(&wanted)
}

#[tokio::test]
async fn only_the_console_s_own_pages_change_anything() {
    let server = TestServer::start().await;
    let anna = server.owner("anna").await;
    let url = server.url();
    for origin in ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost", ""] {
        let reply = Reply::to(forged(&server, &anna).header("origin", origin)).await;
        reply.problem(403, ProblemCode::OriginRefused);
    }
    for site in ["cross-site", "same-site", "none"] {
        let reply = Reply::to(forged(&server, &anna).header("sec-fetch-site", site)).await;
        reply.problem(403, ProblemCode::OriginRefused);
    }
    Reply::to(forged(&server, &anna)).await.problem(403, ProblemCode::OriginRefused);
    let rows = "SELECT count(*) FROM workspace";
    assert_eq!(server.database().number(rows), 1);

    assert_eq!(Reply::to(forged(&server, &anna).header("origin", &url)).await.status, 201);
    let same_origin = forged(&server, &anna).header("sec-fetch-site", "same-origin");
    assert_eq!(Reply::to(same_origin).await.status, 201);
    server.stop().await;
}

#[tokio::test]
async fn whoever_only_reads_needs_no_origin_but_a_session() {
    let server = TestServer::start().await;
    let anna = server.owner("anna").await;
    let me = || server.request(Method::GET, "/api/console/v1/me");
    assert_eq!(Reply::to(me().header("cookie", &anna.cookie)).await.status, 200);
    let reply = Reply::to(me()).await;
    reply.problem(401, ProblemCode::SignInRequired);
    assert_eq!(reply.header("access-control-allow-origin"), None);
    server.stop().await;
}

#[tokio::test]
async fn every_changing_endpoint_is_guarded() {
    let server = TestServer::start().await;
    let document: serde_json::Value = server.get("/api/openapi.json").await.json();
    let mut tried = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys().filter(|method| *method != "get") {
            if !path.starts_with("/api/console/") {
                continue;
            }
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let request = server.request(method, &path.replace(['{', '}'], ""));
            let reply = Reply::to(request.header("origin", "https://evil.example")).await;
            reply.problem(403, ProblemCode::OriginRefused);
            tried += 1;
        }
    }
    assert!(tried >= 18, "{tried}");
    server.stop().await;
}
