//! The program from outside: configuration, hashes, backups, upgrades.

use std::path::Path;
use std::process::{Output, Stdio};

use cavuer_http::guard::identity;
use cavuer_protocol::ProblemCode;
use cavuer_protocol::console::{Me, SignIn};
use cavuer_store::{DATABASE_FILE, LATEST_SCHEMA};
use reqwest::Method;
use rusqlite::OpenFlags;
use tokio::io::AsyncWriteExt;

use crate::support::{Binary, Database, Page, Reply, TestServer, cavuer, in_time};

const SECRET_KEY: &str = "sk_0123456789abcdefghijABCDEFGHIJ0123456789";

async fn run(arguments: &[&str], variables: &[(&str, &str)], input: Option<&str>) -> Output {
    let mut command = cavuer(arguments, variables);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().expect("the program starts");
    let mut stdin = process.stdin.take().expect("its input is piped");
    stdin.write_all(input.unwrap_or_default().as_bytes()).await.ok();
    drop(stdin);
    in_time("its end", process.wait_with_output()).await.expect("it ends")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

fn path(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

#[tokio::test]
async fn the_hash_is_the_servers_own() {
    for id in ["john@example.com", "Жанна \u{1f98a}", "two\nlines", " a \"quoted\" id ", "-"] {
        let expected = format!("{}\n", identity::hash(SECRET_KEY, id));
        let id = format!("--id={id}");
        let from_variable = run(&["hash", &id], &[("CAVUER_SECRET_KEY", SECRET_KEY)], None).await;
        assert_eq!(text(&from_variable.stdout), expected, "{}", text(&from_variable.stderr));
        let line = format!("{SECRET_KEY}\r\n");
        let from_input = run(&["hash", &id, "--secret-key-stdin"], &[], Some(&line)).await;
        assert_eq!(text(&from_input.stdout), expected);
    }
    let without = run(&["hash", "--id=john"], &[], None).await;
    assert!(!without.status.success());
    assert_eq!(text(&without.stdout), "");
    assert!(text(&without.stderr).contains("CAVUER_SECRET_KEY"), "{}", text(&without.stderr));
    // Arguments can be read by every user of the machine.
    let as_argument = run(&["hash", "--id=john", "--secret-key", SECRET_KEY], &[], None).await;
    assert!(!as_argument.status.success());
}

#[tokio::test]
async fn every_problem_of_the_configuration_is_reported_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let wrong = [
        ("CAVUER_LISTEN", "here"),
        ("CAVUER_PUBLIC_URL", "chat.example.com"),
        ("CAVUER_SIGN_UP", "maybe"),
        ("CAVUER_BEHIND_PROXY", "perhaps"),
        ("CAVUER_LOG_FORMAT", "xml"),
        ("CAVUER_OPENAI_BASE_URL", "ftp://x"),
        ("CAVUER_ANTHROPIC_BASE_URL", "nonsense"),
    ];
    let mut variables = wrong.to_vec();
    variables.extend([("CAVUER_DATA_DIR", path(&data)), ("CAVUER_OPENAI_API_KEY", SECRET_KEY)]);
    let output = run(&["serve"], &variables, None).await;
    assert_eq!(output.status.code(), Some(1));
    let errors = text(&output.stderr);
    for (variable, value) in wrong {
        let line = errors.lines().find(|line| line.trim().starts_with(variable));
        let line = line.unwrap_or_else(|| panic!("{variable} in {errors}"));
        assert!(line.contains(value) && line.contains("must be"), "{line}");
    }
    assert!(!errors.contains(SECRET_KEY), "{errors}");
    assert!(!data.exists(), "something was made although nothing starts");
}

#[tokio::test]
async fn an_address_in_use_is_named() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let variables = [("CAVUER_LISTEN", address.as_str()), ("CAVUER_DATA_DIR", path(folder.path()))];
    let output = run(&["serve"], &variables, None).await;
    assert!(!output.status.success());
    let errors = text(&output.stderr);
    assert!(errors.contains("CAVUER_LISTEN") && errors.contains(&address), "{errors}");
}

#[tokio::test]
async fn help_teaches() {
    let output = run(&["serve", "--help"], &[("CAVUER_OPENAI_API_KEY", SECRET_KEY)], None).await;
    let help = text(&output.stdout);
    for variable in
        ["CAVUER_LISTEN", "CAVUER_DATA_DIR", "CAVUER_PUBLIC_URL", "CAVUER_OPENAI_API_KEY"]
    {
        assert!(help.contains(variable), "{variable} in {help}");
    }
    assert!(!help.contains(SECRET_KEY), "{help}");
}

#[tokio::test]
async fn accounts_are_made_and_passwords_reset_while_the_server_runs() {
    let server = TestServer::start().await;
    let data = ["--data-dir", path(server.folder())];
    let admin = async |arguments: &[&str], input: Option<&str>| {
        run(&[&["admin"], &data[..], arguments].concat(), &[], input).await
    };
    let sign_in = async |password: &str| {
        let body = SignIn { email: "bob@example.com".to_owned(), password: password.into() };
        let request = server.request(Method::POST, "/api/console/v1/sign-in").json(&body);
        Reply::to(request.header("origin", server.url())).await
    };
    let create = ["create", "--email", "Bob@example.com", "--name", "Bob"];
    let made = admin(&create, None).await;
    assert!(made.status.success(), "{}", text(&made.stderr));
    let (_, generated) = text(&made.stdout).split_once("shown only now: ").expect("a password");
    let signed_in = sign_in(generated.trim()).await;
    assert_eq!(signed_in.json::<Me>().name, "Bob");
    let again = admin(&create, None).await;
    assert!(!again.status.success());
    assert!(text(&again.stderr).contains("reset-password"), "{}", text(&again.stderr));

    let reset = ["reset-password", "--email", "bob@example.com", "--password-stdin"];
    let too_short = admin(&reset, Some("short\n")).await;
    assert!(!too_short.status.success());
    assert_eq!(sign_in(generated.trim()).await.status, 200);
    let done = admin(&reset, Some("another good password\n")).await;
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert!(!text(&done.stdout).contains("another good"), "{}", text(&done.stdout));
    // The old password and the old cookie are worth nothing now.
    sign_in(generated.trim()).await.problem(401, ProblemCode::CredentialsInvalid);
    let cookie = signed_in.header("set-cookie").unwrap();
    let me = server.request(Method::GET, "/api/console/v1/me").header("cookie", cookie);
    Reply::to(me).await.problem(401, ProblemCode::SignInRequired);
    assert_eq!(sign_in("another good password").await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn a_backup_of_the_running_server_is_everything() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let john = shop.user("john@example.com").await;
    john.ask("Before the backup").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(DATABASE_FILE);
    let data = ["--data-dir", path(server.folder())];
    let output = run(&["backup", path(&file), data[0], data[1]], &[], None).await;
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains(path(&file)));
    john.ask("After the backup").await;

    let copy = Database::at(&file, OpenFlags::SQLITE_OPEN_READ_ONLY);
    assert_eq!(copy.text("PRAGMA integrity_check"), "ok");
    assert_eq!((copy.rows().messages, server.database().rows().messages), (2, 4));
    drop(copy);
    // It does not overwrite anything.
    let again = run(&["backup", path(&file), data[0], data[1]], &[], None).await;
    assert!(!again.status.success());
    assert!(text(&again.stderr).contains("there is no backup"), "{}", text(&again.stderr));
    server.stop().await;

    // A server that starts on it has the conversation, and goes on.
    let restored = Binary::serve(folder.path(), &[]).await;
    let page = Page::new(&restored.http, &restored.url, &shop.channel.token);
    let john = page.open(page.claim(None, Some(shop.claim("john@example.com")))).await;
    assert_eq!(john.opened.conversation.messages[0].text, "Before the backup");
    john.ask("On the restored server").await;
    restored.stop().await;
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused_and_left_alone() {
    let server = TestServer::start().await;
    server.shop().await.guest().await.ask("Hello").await;
    let newer = LATEST_SCHEMA + 1;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(DATABASE_FILE);
    let data = ["--data-dir", path(server.folder())];
    run(&["backup", path(&file), data[0], data[1]], &[], None).await;
    server.stop().await;
    Database::to_disturb(folder.path()).run(&format!("PRAGMA user_version = {newer}"));

    let before = std::fs::read(&file).unwrap();
    let variables = [("CAVUER_DATA_DIR", path(folder.path())), ("CAVUER_LISTEN", "127.0.0.1:0")];
    let output = run(&["serve"], &variables, None).await;
    assert!(!output.status.success());
    let errors = text(&output.stderr);
    assert!(
        errors.contains(&format!("schema {newer}")) && errors.contains("newer version"),
        "{errors}"
    );
    let database = Database::in_folder(folder.path());
    assert_eq!(database.number("PRAGMA user_version"), i64::from(newer));
    assert_eq!(database.rows().messages, 2);
    assert_eq!(before.len(), std::fs::read(&file).unwrap().len());
}
