//! The demo on a real server at port 0.

use std::path::Path;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use tower::ServiceExt as _;

use super::agent::ARTICLES;
use super::page::PAGES;
use super::record::ADMIN_EMAIL;
use super::seed::{Seeded, seed};
use super::site;
use crate::config::{Config, RawConfig};
use crate::server::{self, Running, Surroundings};
use cavuer_engine::password;
use cavuer_http::App;
use cavuer_http::guard::identity;
use cavuer_store::WidgetEdit;

async fn start(folder: &Path) -> Running {
    let raw = RawConfig {
        listen: Some("127.0.0.1:0".to_owned()),
        data_dir: Some(folder.to_owned()),
        ..RawConfig::default()
    };
    let config = Config::check(raw).unwrap();
    let environment = Surroundings::real(&config);
    server::start(config, environment).await.unwrap()
}

fn at(port: u16) -> Vec<String> {
    vec![format!("localhost:{port}"), format!("127.0.0.1:{port}")]
}

async fn get(app: &App, seeded: &Seeded, path: &str) -> (StatusCode, String, String) {
    let shop = site::router(app.clone(), seeded).unwrap();
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = shop.oneshot(request).await.unwrap();
    let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
    let status = response.status();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, policy, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn a_second_start_finds_everything_and_follows_the_port() {
    let folder = tempfile::tempdir().unwrap();
    let running = start(folder.path()).await;
    let first = seed(&running.app, folder.path(), at(3000)).await.unwrap();
    running.stop().await;

    let running = start(folder.path()).await;
    let app = &running.app;
    let second = seed(app, folder.path(), at(4000)).await.unwrap();
    assert_eq!(second.password, first.password);
    assert_eq!(second.token, first.token);
    let agents = app.engine.store.agents(second.workspace).await.unwrap();
    assert_eq!(agents.len(), 1);
    assert_eq!(agents[0].articles.len(), 6);
    let names = agents[0].channels.iter().map(|channel| channel.name.as_str());
    assert_eq!(names.collect::<Vec<_>>(), ["Shop", "Members only"]);
    for channel in &agents[0].channels {
        let channel =
            app.engine.store.channel(second.workspace, channel.id).await.unwrap().unwrap();
        assert!(channel.channel.enabled);
        assert_eq!(channel.allowed_domains, at(4000));
    }
    assert_eq!(app.engine.store.articles(second.workspace, None, None).await.unwrap().len(), 6);
    running.stop().await;
}

#[tokio::test]
async fn what_the_owner_changed_stays_and_what_was_deleted_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let running = start(folder.path()).await;
    let app = &running.app;
    let first = seed(app, folder.path(), at(3000)).await.unwrap();
    let off = WidgetEdit {
        enabled: Some(false),
        allowed_domains: Some(vec!["example.com".to_owned()]),
        ..WidgetEdit::default()
    };
    app.engine.store.update_channel(first.workspace, first.record.shop, off).await.unwrap();
    app.engine.store.delete_channel(first.workspace, first.record.members).await.unwrap();
    let hash = password::hash(&app.engine.random, &"a password of their own".into()).await.unwrap();
    app.engine.store.reset_password(ADMIN_EMAIL.to_owned(), hash).await.unwrap();

    let second = seed(app, folder.path(), at(3000)).await.unwrap();
    assert_eq!(second.password, None);
    let shop = app.engine.store.channel(first.workspace, first.record.shop).await.unwrap().unwrap();
    assert!(!shop.channel.enabled);
    assert_eq!(shop.allowed_domains, ["example.com"]);
    let members =
        app.engine.store.channel(first.workspace, first.record.members).await.unwrap().unwrap();
    assert!(members.channel.enabled && members.channel.require_identification);

    app.engine.store.delete_agent(first.workspace, first.record.agent).await.unwrap();
    assert_eq!(get(app, &second, "/john").await.0, StatusCode::NOT_FOUND);
    seed(app, folder.path(), at(3000)).await.unwrap();
    assert_eq!(get(app, &second, "/john").await.0, StatusCode::OK);
    running.stop().await;
}

#[tokio::test]
async fn a_real_servers_data_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let running = start(folder.path()).await;
    seed(&running.app, folder.path(), at(3000)).await.unwrap();
    std::fs::remove_file(folder.path().join("demo.json")).unwrap();
    let problem = seed(&running.app, folder.path(), at(3000)).await.err().unwrap();
    assert!(problem.contains("CAVUER_DATA_DIR"), "{problem}");
    running.stop().await;
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_user_may_read_the_password() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let running = start(folder.path()).await;
    seed(&running.app, folder.path(), at(3000)).await.unwrap();
    let file = std::fs::metadata(folder.path().join("demo.json")).unwrap();
    assert_eq!(file.permissions().mode() & 0o777, 0o600);
    running.stop().await;
}

#[tokio::test]
async fn pages_carry_the_tag_and_never_the_secret_key() {
    let folder = tempfile::tempdir().unwrap();
    let running = start(folder.path()).await;
    let app = &running.app;
    let seeded = seed(app, folder.path(), at(3000)).await.unwrap();
    let server = app.settings.public_url();
    let channel =
        app.engine.store.channel(seeded.workspace, seeded.record.shop).await.unwrap().unwrap();
    for page in &PAGES {
        let (status, policy, html) = get(app, &seeded, page.path).await;
        assert_eq!(status, StatusCode::OK);
        assert!(policy.contains(&format!("connect-src 'self' {server};")), "{policy}");
        assert!(html.contains(&format!("src=\"{server}/embed.js\"")), "{}", page.path);
        assert!(!html.contains("{{"), "{}", page.path);
        assert!(!html.contains("sk_"), "{}", page.path);
    }
    for (path, id) in [("/john", "john@example.com"), ("/anna", "anna@example.com")] {
        let (_, _, html) = get(app, &seeded, path).await;
        let hash = identity::hash(channel.secret_key.expose(), id);
        assert!(html.contains(&format!("data-user-hash=\"{hash}\"")), "{path}");
    }
    let (_, _, html) = get(app, &seeded, "/wrong-hash").await;
    let hash = identity::hash(channel.secret_key.expose(), "john@example.com");
    assert!(html.contains("data-user-hash=\"") && !html.contains(&hash));
    assert_eq!(get(app, &seeded, "/nowhere").await.0, StatusCode::NOT_FOUND);
    running.stop().await;
}

/// What the shop tells on its pages, the agent has to know.
#[test]
fn pages_and_articles_agree() {
    let home = include_str!("../../../../assets/demo/home.html");
    let facts = include_str!("../../../../assets/demo/facts.html");
    let articles = ARTICLES.concat();
    for fact in [
        "9:00 to 18:00",
        "10:00 to 16:00",
        "Sunday",
        "ublic holidays",
        "2 to 3 working days",
        "£3.90",
        "from £40",
        "£7.90",
        "before 12:00",
        "within the United Kingdom",
        "within 30 days",
        "5 working days",
        "£2.90",
        "Visa, Mastercard, Apple Pay and PayPal",
        "within 14 days",
        "3 years",
        "12 Market Lane",
        "020 7946 0123",
        "hello@corner-shop.example",
        "£11.50",
        "£8.90",
        "£14.00",
        "£32.00",
        "£19.00",
        "£45.00",
    ] {
        assert!(home.contains(fact) || facts.contains(fact), "no page says {fact:?}");
        assert!(articles.contains(fact), "no article says {fact:?}");
    }
}
