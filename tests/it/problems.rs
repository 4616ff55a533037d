//! Every refusal has the same form, whoever words it.

use cavuer_protocol::{Problem, ProblemCode};
use reqwest::Method;

use crate::support::{Reply, TestServer};

#[tokio::test]
async fn refusals_of_the_framework_have_our_form() {
    let server = TestServer::start().await;
    for (method, path, status, code) in [
        (Method::GET, "/nothing/here", 404, ProblemCode::NotFound),
        (Method::GET, "/api/widget/v1/nothing", 404, ProblemCode::NotFound),
        (Method::GET, "/api/console/v1/nothing", 404, ProblemCode::NotFound),
        (Method::GET, "/api/console/v1/workspaces/7/agents", 401, ProblemCode::SignInRequired),
        (Method::POST, "/healthz", 405, ProblemCode::MethodNotAllowed),
        (Method::DELETE, "/api/widget/v1/config", 405, ProblemCode::MethodNotAllowed),
        (Method::PATCH, "/api/widget/v1/messages", 405, ProblemCode::MethodNotAllowed),
        (Method::PUT, "/api/openapi.json", 405, ProblemCode::MethodNotAllowed),
        (Method::GET, "/%ff%fe", 404, ProblemCode::NotFound),
        (Method::GET, "/api/widget/v1/messages", 401, ProblemCode::SessionInvalid),
    ] {
        let reply = Reply::to(server.request(method.clone(), path)).await;
        let problem = reply.problem(status, code);
        assert_eq!(problem.fields, [], "{path}");
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{method} {path}");
        if status == 405 {
            assert!(reply.header("allow").is_some_and(|allow| !allow.is_empty()), "{path}");
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn requests_have_different_ids() {
    let server = TestServer::start().await;
    let mut ids = Vec::new();
    for _ in 0..20 {
        let reply = server.get("/nothing").await;
        ids.push(serde_json::from_str::<Problem>(&reply.body).unwrap().request_id);
        // A caller's own id is not taken over, or log lines could be forged.
        let request = server.request(Method::GET, "/healthz").header("x-request-id", "forged");
        let reply = Reply::to(request).await;
        ids.push(reply.header("x-request-id").expect("each answer has one").to_owned());
    }
    assert!(!ids.contains(&"forged".to_owned()));
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 40);
    server.stop().await;
}

#[tokio::test]
async fn every_answer_has_the_security_headers() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let me = Reply::to(shop.owner.request(Method::GET, "/me")).await;
    assert_eq!(me.header("cache-control"), Some("no-store"));
    for reply in [
        me,
        shop.page.config().await,
        shop.page.preflight("POST", "/messages").await,
        server.get("/healthz").await,
        server.get("/api/openapi.json").await,
        server.get("/nothing").await,
    ] {
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        let policy = reply.header("content-security-policy").expect("a policy");
        assert!(policy.contains("default-src 'none'"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(reply.header("referrer-policy").is_some());
        assert_eq!(reply.header("server"), None);
    }
    server.stop().await;
}

#[tokio::test]
async fn hostile_requests_never_break_the_server() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let long = "x".repeat(8_000);
    let paths = [
        format!("/api/widget/v1/config?token={long}"),
        "/api/widget/v1/config?token=%00%ff".to_owned(),
        "/api/widget/v1/config?token=a&token=b".to_owned(),
        format!("/api/console/v1/workspaces/{long}/agents"),
        "/api/console/v1/workspaces/%2e%2e/agents".to_owned(),
        "/..%2f..%2fetc/passwd".to_owned(),
        "/assets/..%2f..%2fCargo.toml".to_owned(),
        "/console/..%5c..%5cCargo.toml".to_owned(),
    ];
    for path in paths {
        for method in [Method::GET, Method::POST, Method::HEAD] {
            let request = server
                .request(method.clone(), &path)
                .header("origin", "https://shop.example")
                .header("cookie", &shop.owner.cookie)
                .header("cookie", "cavuer_session=\u{e9}")
                .header("authorization", "Bearer \u{e9}")
                .header("accept-language", "\u{e9};q=x, *;q=-1");
            let reply = Reply::to(request).await;
            let status = reply.status.as_u16();
            assert!(status < 500, "{method} {path}: {status} {}", reply.body);
            assert!(!reply.body.contains("[package]") && !reply.body.contains("root:"), "{path}");
        }
    }
    assert_eq!(server.get("/readyz").await.status, 200);
    server.stop().await;
}
