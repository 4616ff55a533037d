//! Secrets stay out of the log, however much of it is written.

use cavuer_protocol::console::SignIn;
use cavuer_protocol::widget::UserClaim;
use cavuer_tests::provider::{Script, ScriptedProvider};
use reqwest::Method;

use crate::support::{Binary, Reply, Shop, message_id};

const OPENAI_KEY: &str = "sk-openai-0123456789abcdef";
const ANTHROPIC_KEY: &str = "sk-ant-0123456789abcdef";

#[tokio::test]
async fn no_log_line_has_a_secret() {
    for format in ["text", "json"] {
        let provider = ScriptedProvider::start().await;
        // Providers like to repeat the key that they refuse.
        provider.push(Script::status(401));
        provider.push(Script::answer("words of the agent"));
        let url = provider.url();
        let folder = tempfile::tempdir().unwrap();
        let variables = [
            ("CAVUER_LOG", "trace"),
            ("CAVUER_LOG_FORMAT", format),
            ("CAVUER_OPENAI_BASE_URL", url.as_str()),
            ("CAVUER_OPENAI_API_KEY", OPENAI_KEY),
            ("CAVUER_ANTHROPIC_API_KEY", ANTHROPIC_KEY),
        ];
        let binary = Binary::serve(folder.path(), &variables).await;
        let shop = Shop::open(&binary.http, &binary.url, "anna", "openai/test").await;
        let guest = shop.guest().await;
        guest.ask("words of the visitor").await;
        guest.ask("more words of the visitor").await;
        let john = shop.user_after(&guest.credentials(), "john@example.com").await;
        let events = john.events().await;
        // Refusals are logged, too.
        let wrong =
            UserClaim { hash: Some("ab".repeat(32).into()), ..shop.claim("john@example.com") };
        shop.page.try_open(&shop.page.claim(None, Some(wrong))).await;
        shop.page.at("https://evil.example").config().await;
        john.on(&shop.page.nowhere()).try_say("words of the visitor").await;
        let sign_in = SignIn {
            email: "anna@example.com".to_owned(),
            password: "wrong battery staple".into(),
        };
        Reply::to(shop.owner.request(Method::POST, "/sign-in").json(&sign_in)).await;
        let path = format!("/nothing/{}", message_id());
        Reply::to(shop.owner.request(Method::GET, &path)).await;
        drop(events);

        let log = binary.stop().await;
        assert!(log.contains("/api/widget/v1/messages"), "requests are not logged: {log}");
        assert!(log.contains("not among the allowed domains"), "refusals are not logged: {log}");
        let (_, cookie) = shop.owner.cookie.split_once('=').unwrap();
        let key = guest.credentials().key;
        let hash = shop.claim("john@example.com").hash.unwrap();
        for (what, secret) in [
            ("OpenAI's key", OPENAI_KEY),
            ("Anthropic's key", ANTHROPIC_KEY),
            ("the password", "correct horse"),
            ("a wrong password", "battery staple"),
            ("the console's cookie", cookie),
            ("the channel's secret key", &shop.secret_key),
            ("the public token, which URLs carry", &shop.channel.token),
            ("the guest's key", key.expose()),
            ("the guest's session", &guest.opened.session.expose()[..40]),
            ("the user's session", &john.opened.session.expose()[..40]),
            ("the user's hash", hash.expose()),
            ("a wrong hash", &"ab".repeat(32)),
            ("what a visitor wrote", "words of the visitor"),
            ("what the agent wrote", "words of the agent"),
        ] {
            let line = log.lines().find(|line| line.contains(secret));
            assert_eq!(line, None, "{what} is in the {format} log");
        }
        // Nor is any of them in the files beside the database, or readable for others.
        assert_private(folder.path());
    }
}

fn assert_private(folder: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let key = folder.join("signing.key").metadata().expect("the server's key");
    assert_eq!(key.permissions().mode() & 0o077, 0, "others can read the server's key");
}
