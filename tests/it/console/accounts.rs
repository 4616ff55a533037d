//! Signing up, in and out.

use std::time::Duration;

use cavuer_http::limits::{Rate, Rates};
use cavuer_protocol::ProblemCode;
use cavuer_protocol::console::{Me, Setup as SignInPage, SignIn, SignUp};
use reqwest::{Method, RequestBuilder};

use crate::support::{Reply, Setup, TestServer};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const PASSWORD: &str = "correct horse battery";

fn request(server: &TestServer, method: Method, path: &str) -> RequestBuilder {
    server.request(method, &format!("/api/console/v1/{path}")).header("origin", server.url())
}

async fn sign_up(server: &TestServer, email: &str) -> Reply {
    let wanted = SignUp {
        name: "Anna".to_owned(),
        email: email.to_owned(),
        password: PASSWORD.into(),
        workspace: "Shop".to_owned(),
    };
    Reply::to(request(server, Method::POST, "sign-up").json(&wanted)).await
}

async fn sign_in(server: &TestServer, email: &str, password: &str) -> Reply {
    let credentials = SignIn { email: email.to_owned(), password: password.into() };
    Reply::to(request(server, Method::POST, "sign-in").json(&credentials)).await
}

/// `name=value` of the cookie that an answer sets.
fn cookie(reply: &Reply) -> String {
    let cookie = reply.header("set-cookie").expect("the answer sets a cookie");
    cookie.split(';').next().unwrap_or_default().to_owned()
}

async fn me(server: &TestServer, cookie: &str) -> Reply {
    Reply::to(request(server, Method::GET, "me").header("cookie", cookie)).await
}

#[tokio::test]
async fn the_first_person_signs_up_and_nobody_after() {
    let mut setup = Setup::default();
    setup.raw.sign_up = Some("first".to_owned());
    let server = setup.start().await;
    let page: SignInPage = server.get("/api/console/v1/setup").await.json();
    assert_eq!(page, SignInPage { sign_up_open: true, first_run: true });

    let reply = sign_up(&server, " Anna@Example.com ").await;
    assert_eq!(reply.status, 201);
    let anna: Me = reply.json();
    assert_eq!((anna.email.as_str(), anna.workspaces.len()), ("anna@example.com", 1));
    assert_eq!(me(&server, &cookie(&reply)).await.json::<Me>(), anna);

    sign_up(&server, "bob@example.com").await.problem(403, ProblemCode::SignUpClosed);
    let page: SignInPage = server.get("/api/console/v1/setup").await.json();
    assert_eq!(page, SignInPage { sign_up_open: false, first_run: false });
    server.stop().await;
}

#[tokio::test]
async fn what_is_wrong_with_an_account_is_said_all_at_once() {
    let server = TestServer::start().await;
    let wanted = SignUp {
        name: " ".to_owned(),
        email: "anna".to_owned(),
        password: "short".into(),
        workspace: "\n".to_owned(),
    };
    let reply = Reply::to(request(&server, Method::POST, "sign-up").json(&wanted)).await;
    assert_eq!(reply.invalid_fields(), ["name", "email", "password", "workspace"]);
    sign_up(&server, "anna@example.com").await;
    sign_up(&server, "ANNA@example.com").await.problem(409, ProblemCode::Conflict);
    server.stop().await;
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_look_the_same() {
    let server = TestServer::start().await;
    sign_up(&server, "anna@example.com").await;
    assert_eq!(sign_in(&server, "Anna@example.com", PASSWORD).await.status, 200);
    let code = ProblemCode::CredentialsInvalid;
    let wrong =
        sign_in(&server, "anna@example.com", "wrong horse battery").await.problem(401, code);
    let unknown = sign_in(&server, "bob@example.com", PASSWORD).await.problem(401, code);
    let endless = sign_in(&server, "anna@example.com", &"x".repeat(9_000)).await.problem(401, code);
    assert_eq!(wrong.detail, unknown.detail);
    assert_eq!(wrong.detail, endless.detail);
    server.stop().await;
}

#[tokio::test]
async fn attempts_on_one_account_are_limited_and_the_limit_passes() {
    let account_sign_ins = Rate { burst: 2, per_minute: 1 };
    let rates = Rates { account_sign_ins, ..Rates::unlimited() };
    let server = Setup { rates, ..Setup::default() }.start().await;
    sign_up(&server, "anna@example.com").await;
    for _ in 0..2 {
        let reply = sign_in(&server, "anna@example.com", "wrong horse battery").await;
        reply.problem(401, ProblemCode::CredentialsInvalid);
    }
    // The letter case does not open another account's worth of attempts.
    let reply = sign_in(&server, "ANNA@example.com", PASSWORD).await;
    reply.problem(429, ProblemCode::RateLimited);
    let wait: u64 = reply.header("retry-after").unwrap().parse().unwrap();
    server.clock.advance(Duration::from_secs(wait));
    assert_eq!(sign_in(&server, "anna@example.com", PASSWORD).await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn the_cookie_is_kept_from_scripts_and_other_sites() {
    let server = TestServer::start().await;
    let reply = sign_up(&server, "anna@example.com").await;
    let set = reply.header("set-cookie").unwrap();
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000"] {
        assert!(set.contains(attribute), "{attribute} is missing in {set}");
    }
    assert!(!set.contains("Secure"), "{set}");
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    server.stop().await;

    let mut setup = Setup::default();
    setup.raw.public_url = Some("https://chat.example.com".to_owned());
    let server = setup.start().await;
    let wanted = serde_json::json!({
        "name": "Anna", "email": "a@example.com", "password": PASSWORD, "workspace": "Shop",
    });
    let request = server.request(Method::POST, "/api/console/v1/sign-up").json(&wanted);
    let reply = Reply::to(request.header("origin", "https://chat.example.com")).await;
    assert!(reply.header("set-cookie").unwrap().contains("Secure"));
    server.stop().await;
}

#[tokio::test]
async fn a_session_ends_after_thirty_days_without_use() {
    let server = TestServer::start().await;
    let cookie = cookie(&sign_up(&server, "anna@example.com").await);
    for _ in 0..3 {
        server.clock.advance(29 * DAY);
        assert_eq!(me(&server, &cookie).await.status, 200);
    }
    server.clock.advance(30 * DAY);
    me(&server, &cookie).await.problem(401, ProblemCode::SignInRequired);
    server.stop().await;
}

#[tokio::test]
async fn signing_out_ends_the_session_on_the_server() {
    let server = TestServer::start().await;
    let anna = cookie(&sign_up(&server, "anna@example.com").await);
    let elsewhere = cookie(&sign_in(&server, "anna@example.com", PASSWORD).await);
    let reply = Reply::to(request(&server, Method::POST, "sign-out").header("cookie", &anna)).await;
    assert_eq!(reply.status, 204);
    assert!(reply.header("set-cookie").unwrap().starts_with("cavuer_session=;"));
    me(&server, &anna).await.problem(401, ProblemCode::SignInRequired);
    assert_eq!(me(&server, &elsewhere).await.status, 200);
    for nobody in ["", "cavuer_session=", "cavuer_session=guess"] {
        me(&server, nobody).await.problem(401, ProblemCode::SignInRequired);
    }
    server.stop().await;
}
