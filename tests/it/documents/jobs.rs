//! Indexing as a job: it is visible, it survives the end of the program, and it gives way to
//! whoever changes or deletes the article.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use cavuer_engine::extraction::Extractor;
use cavuer_protocol::console::{
    AgentChanges, Article, ArticleDetail, ArticleStatus, ConsoleEvent, NewArticle,
};
use cavuer_protocol::{ArticleId, Notice, ProblemCode};
use reqwest::Method;
use serde_json::json;

use super::files::{document, docx};
use crate::support::{Binary, Database, Owner, Reply, Setup, Shop, TestServer, program};

async fn link(owner: &Owner, shop: &Shop, article: ArticleId) {
    let changes = AgentChanges { articles: Some(vec![article]), ..Default::default() };
    owner.change_agent(shop.agent.id, &changes).await;
}

async fn detail(owner: &Owner, article: ArticleId) -> ArticleDetail {
    owner.get(&format!("articles/{article}")).await
}

/// Many paragraphs, and one at the end that says something.
fn long_text(paragraphs: usize) -> String {
    let filler: String = (0..paragraphs)
        .map(|n| {
            format!(
                "Paragraph {n} tells at some length what nobody will ever ask about.{}\n\n",
                " More of it follows here.".repeat(30)
            )
        })
        .collect();
    format!("{filler}The umbrella stand is behind the green door.\n")
}

/// A reader of documents that waits until the file `gate` is there.
fn gated(folder: &Path) -> (Extractor, PathBuf) {
    let gate = folder.join("gate");
    let script = format!(
        "#!/bin/sh\nwhile [ ! -e {} ]; do /bin/sleep 0.02; done\nexec {} \"$@\"\n",
        gate.display(),
        program().display()
    );
    let file = folder.join("reader");
    std::fs::write(&file, script).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o700)).unwrap();
    (Extractor { program: file, ..Extractor::default() }, gate)
}

#[tokio::test]
async fn an_uploaded_document_is_answered_from_with_its_pages_known() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let owner = &shop.owner;
    let mut events = owner.events().await;
    let reply = owner.upload("Lost property, cellar", "browser.pdf", document("browser.pdf")).await;
    assert_eq!(reply.status, 201);
    let queued: Article = reply.json();
    assert_eq!((queued.status, queued.passages), (ArticleStatus::Queued, 0));
    link(owner, &shop, queued.id).await;

    // The consoles hear of each step, and the last one is that it is ready.
    let mut percents = Vec::new();
    let ready = loop {
        match events.next().await.expect("the stream goes on") {
            ConsoleEvent::ArticleListed { article } => match article.status {
                ArticleStatus::Indexing { percent } => percents.push(percent),
                ArticleStatus::Ready => break article,
                ArticleStatus::Queued => {}
                ArticleStatus::Failed { reason, .. } => panic!("{reason}"),
            },
            other => panic!("{other:?}"),
        }
    };
    assert!(percents.is_sorted() && percents.len() >= 2, "{percents:?}");
    assert!(ready.passages > 0 && ready.chars > 500);
    assert_eq!(ready.file_name.as_deref(), Some("browser.pdf"));
    let stored = detail(owner, ready.id).await;
    assert_eq!(stored.article.status, ArticleStatus::Ready);
    assert!(stored.content.contains("[Page 2]\n\n## Cakes and allergies"));
    let pages = "SELECT group_concat(DISTINCT page) FROM passage ORDER BY page";
    assert_eq!(server.database().text(pages), "1,2");

    let visitor = shop.guest().await;
    let answer = visitor.ask("Where do umbrellas go that guests left behind?").await;
    assert!(answer.text.contains("go to the cellar"), "{}", answer.text);
    server.stop().await;
}

#[tokio::test]
async fn what_cannot_be_read_says_why_and_can_be_replaced() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let owner = &shop.owner;
    let macros = docx("Tea", &[("word/vbaProject.bin", "x")]);
    let article: Article = owner.upload("Menu", "menu.docx", macros).await.json();
    let failed = owner.until_indexed(article.id).await;
    let ArticleStatus::Failed { reason, notice } = failed.status else { panic!("{failed:?}") };
    assert_eq!(notice.as_ref().map(Notice::english), Some(reason.clone()));
    assert!(reason.contains("macros") && reason.contains("Save it as"), "{reason}");

    // Another try finds the same.
    let retry = format!("articles/{}/retry", article.id);
    let retried: Article = owner.post(&retry, &()).await;
    assert!(retried.status.is_in_work());
    let failed = owner.until_indexed(article.id).await;
    assert_eq!(failed.status, ArticleStatus::Failed { reason, notice });

    // Another file under the same title mends it.
    let again = owner.upload_again(article.id, "better.docx", docx("Tea costs 4 €", &[])).await;
    assert_eq!(again.json::<Article>().title, "Menu");
    let ready = owner.until_indexed(article.id).await;
    assert_eq!(
        (ready.status, ready.file_name.as_deref()),
        (ArticleStatus::Ready, Some("better.docx"))
    );
    assert_eq!(detail(owner, article.id).await.content, "Tea costs 4 €");
    // There is nothing to try again now.
    let retried: Article = owner.post(&retry, &()).await;
    assert_eq!(retried.status, ArticleStatus::Ready);
    server.stop().await;
}

#[tokio::test]
async fn a_file_that_replaces_has_to_be_one_that_is_taken() {
    let server = TestServer::start().await;
    let owner = server.owner("anna").await;
    let agent = owner.add_agent("Ada", "built-in").await;
    let id = owner.add_article(agent.id, "Prices", "Tea costs 4 €.").await;
    let refused = owner.upload_again(id, "a.exe", b"MZ".to_vec()).await;
    refused.problem(415, ProblemCode::UnsupportedMediaType);
    let refused = owner.upload_again(id, "a.pdf", b"Tea".to_vec()).await;
    assert!(refused.problem(415, ProblemCode::UnsupportedMediaType).detail.contains("no PDF"));
    assert_eq!(owner.upload_again(id, "a.txt", vec![]).await.invalid_fields(), ["file"]);
    let large = owner.upload_again(id, "a.txt", vec![b'x'; 10 * 1024 * 1024 + 1]).await;
    large.problem(413, ProblemCode::PayloadTooLarge);
    let form = reqwest::multipart::Form::new().text("title", "Other");
    let path = format!("articles/{id}/file");
    let titled = Reply::to(owner.in_workspace(Method::PUT, &path).multipart(form)).await;
    assert_eq!(titled.invalid_fields(), ["title"]);
    let stored = detail(&owner, id).await;
    assert_eq!(
        (stored.content.as_str(), stored.article.status),
        ("Tea costs 4 €.", ArticleStatus::Ready)
    );
    server.stop().await;
}

#[tokio::test]
async fn whoever_changes_or_deletes_an_article_in_work_need_not_wait() {
    let folder = tempfile::tempdir().unwrap();
    let (extractor, gate) = gated(folder.path());
    let server = Setup { extractor, ..Setup::default() }.start().await;
    let shop = server.shop().await;
    let owner = &shop.owner;
    let mut events = owner.events().await;
    let in_work = async |events: &mut crate::support::EventStream<ConsoleEvent>, id| {
        events
            .until(|event| {
                matches!(event, ConsoleEvent::ArticleListed { article }
                    if article.id == id && matches!(article.status, ArticleStatus::Indexing { .. }))
            })
            .await;
    };
    // Nobody opens the gate for the first document: what is typed instead is indexed.
    let article: Article = owner.upload("Menu", "a.txt", b"Old tea".to_vec()).await.json();
    in_work(&mut events, article.id).await;
    let path = format!("articles/{}", article.id);
    let typed = owner.in_workspace(Method::PUT, &path).json(&json!({"content": "New tea"}));
    assert!(Reply::to(typed).await.json::<ArticleDetail>().article.status.is_in_work());
    assert_eq!(owner.until_indexed(article.id).await.status, ArticleStatus::Ready);
    assert_eq!(detail(owner, article.id).await.content, "New tea");

    // The second is deleted while it is read; the third does not wait for it.
    let second: Article = owner.upload("Gone", "b.txt", b"Second".to_vec()).await.json();
    in_work(&mut events, second.id).await;
    let new = NewArticle { title: "Third".to_owned(), content: "Third".to_owned() };
    let third: Article = owner.post("articles", &new).await;
    owner.act(Method::DELETE, &format!("articles/{}", second.id)).await;
    events
        .until(|event| matches!(event, ConsoleEvent::ArticleRemoved { article } if *article == second.id))
        .await;
    assert_eq!(owner.until_indexed(third.id).await.status, ArticleStatus::Ready);
    let titles: Vec<String> =
        owner.get::<Vec<Article>>("articles").await.into_iter().map(|a| a.title).collect();
    assert_eq!(titles, ["Menu", "Third"]);

    // With the gate open all of it works.
    std::fs::write(gate, "").unwrap();
    let fourth: Article = owner.upload("Fourth", "d.txt", b"Fourth".to_vec()).await.json();
    assert_eq!(owner.until_indexed(fourth.id).await.status, ArticleStatus::Ready);
    let left = "SELECT count(*) FROM passage WHERE text IN ('Old tea', 'Second')";
    assert_eq!(server.database().number(left), 0);
    server.stop().await;
}

#[tokio::test]
async fn a_stop_does_not_wait_for_documents_and_the_start_goes_on_with_them() {
    let folder = tempfile::tempdir().unwrap();
    let (extractor, gate) = gated(folder.path());
    let server = Setup { extractor, ..Setup::default() }.start().await;
    let owner = server.owner("anna").await;
    let mut events = owner.events().await;
    let first: Article = owner.upload("First", "a.txt", b"Tea".to_vec()).await.json();
    let second: Article = owner.upload("Second", "b.txt", b"Cake".to_vec()).await.json();
    events
        .until(|event| {
            matches!(event, ConsoleEvent::ArticleListed { article }
                if matches!(article.status, ArticleStatus::Indexing { .. }))
        })
        .await;
    let server = server.restart_after(|_| std::fs::write(&gate, "").unwrap()).await;
    let owner = owner.moved_to(&server.url());
    for article in [first, second] {
        assert_eq!(owner.until_indexed(article.id).await.status, ArticleStatus::Ready);
    }
    server.stop().await;
}

#[tokio::test]
async fn killed_while_indexing_it_finishes_after_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let binary = Binary::serve(folder.path(), &[]).await;
    let shop = Shop::open(&binary.http, &binary.url, "anna", "built-in").await;
    let mut events = shop.owner.events().await;
    let text = long_text(800);
    let article: Article =
        shop.owner.upload("House rules", "rules.txt", text.clone().into_bytes()).await.json();
    let waiting: Article = shop.owner.upload("Tea", "tea.pdf", document("latex.pdf")).await.json();
    link(&shop.owner, &shop, article.id).await;
    // In the middle of storing passages.
    events
        .until(|event| {
            matches!(event, ConsoleEvent::ArticleListed { article: listed }
                if listed.id == article.id
                    && matches!(listed.status, ArticleStatus::Indexing { percent } if percent > 60))
        })
        .await;
    binary.kill().await;
    let half = Database::in_folder(folder.path()).number("SELECT count(*) FROM passage");
    assert!(half > 0);

    let binary = Binary::serve(folder.path(), &[]).await;
    let owner = shop.owner.moved_to(&binary.url);
    let ready = owner.until_indexed(article.id).await;
    assert_eq!(ready.status, ArticleStatus::Ready);
    assert_eq!(owner.until_indexed(waiting.id).await.status, ArticleStatus::Ready);
    assert!(detail(&owner, article.id).await.content == text.trim_end(), "the text changed");
    // Nothing of the first attempt is left, and nothing is doubled.
    let database = Database::in_folder(folder.path());
    let stored = database.number("SELECT count(*) FROM passage WHERE title = 'House rules'");
    assert_eq!(stored, i64::from(ready.passages));
    assert!(stored > half);
    let places = "SELECT count(DISTINCT position) FROM passage WHERE title = 'House rules'";
    assert_eq!(database.number(places), stored);
    assert_eq!(database.number("SELECT count(*) FROM article_file"), 0);
    binary.stop().await;
}

#[tokio::test]
async fn a_document_that_brings_the_server_down_is_given_up() {
    let server = TestServer::start().await;
    let owner = server.owner("anna").await;
    let agent = owner.add_agent("Ada", "built-in").await;
    let id = owner.add_article(agent.id, "Prices", "Tea costs 4 €.").await;
    let server = server
        .restart_after(|folder| {
            Database::to_disturb(folder)
                .run("UPDATE article_state SET state = 'indexing', attempts = 3");
        })
        .await;
    let owner = owner.moved_to(&server.url());
    let failed = owner.until_indexed(id).await;
    let ArticleStatus::Failed { reason, .. } = failed.status else { panic!("{failed:?}") };
    assert!(reason.contains("several attempts"), "{reason}");
    let retried: Article = owner.post(&format!("articles/{id}/retry"), &()).await;
    assert!(retried.status.is_in_work());
    assert_eq!(owner.until_indexed(id).await.status, ArticleStatus::Ready);
    server.stop().await;
}

#[tokio::test]
async fn visitors_are_answered_while_a_long_text_is_indexed_and_deleted() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let owner = &shop.owner;
    let tea = owner.add_article(shop.agent.id, "Prices, tea", "A cup of tea costs 4 €.").await;
    let new = NewArticle { title: "House rules".to_owned(), content: long_text(4_000) };
    let rules: Article = owner.post("articles", &new).await;
    let visitor = shop.guest().await;
    for _ in 0..3 {
        let answer = visitor.ask("What does tea cost?").await;
        assert!(answer.text.contains("4 €"), "{}", answer.text);
    }
    // It was not over before they asked.
    assert!(detail(owner, rules.id).await.article.status.is_in_work());
    owner.act(Method::DELETE, &format!("articles/{}", rules.id)).await;
    let answer = visitor.ask("And what does tea cost now?").await;
    assert!(answer.text.contains("4 €"), "{}", answer.text);
    assert_eq!(detail(owner, tea).await.article.status, ArticleStatus::Ready);
    server.stop().await;
}
