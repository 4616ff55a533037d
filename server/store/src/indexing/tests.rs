use cavuer_protocol::notice::verbatim;
use cavuer_protocol::{AgentId, Notice};

use super::*;
use crate::fixture::{Fixture, NOW, engine_under_test, link, passage, titles};
use crate::workers::ALIVE_MILLIS;
use crate::{AgentEdit, ArticleRecord, ArticleSource, ArticleState, NewArticleRecord};

fn file(bytes: &[u8]) -> ArticleSource {
    ArticleSource::File { name: "delivery.txt".to_owned(), bytes: bytes.to_vec() }
}

async fn queue(fixture: &Fixture, source: ArticleSource) -> ArticleId {
    let id = fixture.random.id(NOW, ArticleId::from_parts);
    let (workspace, title) = (fixture.workspace, "Delivery".to_owned());
    let new = NewArticleRecord { id, workspace, title, source, created_at: NOW };
    assert_eq!(fixture.store.queue_article(new).await.unwrap().state, ArticleState::Queued);
    id
}

async fn claim(fixture: &Fixture) -> ClaimedArticle {
    match fixture.store.claim_article().await.unwrap() {
        Some(IndexingWork::Index(article)) => article,
        other => panic!("{other:?}"),
    }
}

async fn summary(fixture: &Fixture, id: ArticleId) -> ArticleRecord {
    let found = fixture.store.article_summary(fixture.workspace, id).await;
    found.unwrap().expect("an article")
}

/// Indexes what waits as one passage per word given.
async fn index(fixture: &Fixture, words: &[&str]) {
    let store = &fixture.store;
    let article = claim(fixture).await;
    while store.clear_passages(article.id, Some(article.revision), 1).await.unwrap() > 0 {}
    for (place, word) in (0..).zip(words) {
        let passages = vec![passage("Delivery", word)];
        assert!(store.add_passages(&article, place, passages).await.unwrap());
    }
    let count = u32::try_from(words.len()).unwrap();
    assert!(store.publish_passages(&article, count).await.unwrap());
    while store.clear_passages(article.id, Some(article.revision), 1).await.unwrap() > 0 {}
    store.finish_article(&article, None).await.unwrap();
    assert_eq!(summary(fixture, article.id).await.state, ArticleState::Ready);
    fixture.check_index().await;
}

async fn found(fixture: &Fixture, agent: AgentId, word: &str) -> usize {
    titles(fixture, agent, word).await.len()
}

#[tokio::test]
async fn the_old_text_is_found_until_the_new_one_is_whole() {
    let fixture = Fixture::new().await;
    let (store, workspace) = (&fixture.store, fixture.workspace);
    let agent = fixture.agent().await;
    let id = queue(&fixture, ArticleSource::Text("bicycle".to_owned())).await;
    link(&fixture, agent, vec![id]).await;
    index(&fixture, &["bicycle"]).await;
    assert_eq!(found(&fixture, agent, "bicycl").await, 1);

    let later = NOW.plus_millis(1);
    let replaced = store.replace_article(workspace, id, file(b"train ship"), later).await;
    let replaced = replaced.unwrap().unwrap();
    assert_eq!((replaced.state, replaced.updated_at), (ArticleState::Queued, later));
    assert_eq!((replaced.passages, &replaced.agents[..]), (1, &[agent][..]));
    let article = claim(&fixture).await;
    let ArticleSource::File { bytes, .. } = store.article_source(&article).await.unwrap().unwrap()
    else {
        panic!("a file");
    };
    assert_eq!(bytes, b"train ship");
    let notes = vec!["One.".to_owned(), "Two.".to_owned()];
    assert!(store.keep_text(&article, "train ship".to_owned(), notes.clone()).await.unwrap());
    let passages = vec![passage("Delivery", "train"), passage("Delivery", "ship")];
    assert!(store.add_passages(&article, 0, passages).await.unwrap());
    assert_eq!(found(&fixture, agent, "bicycl").await, 1);
    assert_eq!(found(&fixture, agent, "train").await, 0);

    assert!(store.publish_passages(&article, 2).await.unwrap());
    assert_eq!(found(&fixture, agent, "bicycl").await, 0);
    assert_eq!(found(&fixture, agent, "train").await, 1);
    assert_eq!(store.clear_passages(id, None, 100).await.unwrap(), 1);
    store.finish_article(&article, None).await.unwrap();
    let ready = summary(&fixture, id).await;
    assert_eq!((ready.state, ready.passages, ready.chars), (ArticleState::Ready, 2, 10));
    let told: Vec<_> = ready.notes.iter().map(Notice::english).collect();
    assert_eq!((told, ready.file_name.as_deref()), (notes, Some("delivery.txt")));
    assert_eq!(fixture.count("SELECT count(*) FROM article_file").await, 0);
    assert!(store.claim_article().await.unwrap().is_none());
    fixture.check_index().await;
}

#[tokio::test]
async fn an_article_that_is_changed_in_work_takes_nothing_of_the_old_attempt() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    let agent = fixture.agent().await;
    let id = queue(&fixture, ArticleSource::Text("bicycle".to_owned())).await;
    link(&fixture, agent, vec![id]).await;
    let old = claim(&fixture).await;
    assert!(store.add_passages(&old, 0, vec![passage("Delivery", "bicycle")]).await.unwrap());
    let changed = ArticleSource::Text("train".to_owned());
    store.replace_article(fixture.workspace, id, changed, NOW).await.unwrap();

    assert!(store.article_source(&old).await.unwrap().is_none());
    assert!(!store.keep_text(&old, "late".to_owned(), vec![]).await.unwrap());
    assert!(!store.add_passages(&old, 1, vec![passage("Delivery", "late")]).await.unwrap());
    assert!(!store.publish_passages(&old, 1).await.unwrap());
    store.finish_article(&old, Some("late".to_owned())).await.unwrap();
    store.put_article_back(&old).await.unwrap();
    assert_eq!(summary(&fixture, id).await.state, ArticleState::Queued);
    index(&fixture, &["train"]).await;
    assert_eq!(found(&fixture, agent, "bicycl").await, 0);
    assert_eq!(found(&fixture, agent, "train").await, 1);
    assert_eq!(fixture.count("SELECT count(*) FROM passage").await, 1);
}

#[tokio::test]
async fn a_deleted_article_is_gone_at_once_and_cleared_away_later() {
    let fixture = Fixture::new().await;
    let (store, workspace) = (&fixture.store, fixture.workspace);
    let agent = fixture.agent().await;
    let id = queue(&fixture, file(b"bicycle")).await;
    link(&fixture, agent, vec![id]).await;
    index(&fixture, &["bicycle", "bicycle"]).await;
    let replaced = store.replace_article(workspace, id, file(b"train"), NOW).await;
    assert!(replaced.unwrap().is_some());
    let in_work = claim(&fixture).await;
    assert!(store.delete_article(workspace, id).await.unwrap());
    assert!(!store.delete_article(workspace, id).await.unwrap());

    assert!(store.article(workspace, id).await.unwrap().is_none());
    assert!(store.articles(workspace, None, None).await.unwrap().is_empty());
    assert!(store.retry_article(workspace, id, NOW).await.unwrap().is_none());
    assert_eq!(found(&fixture, agent, "bicycl").await, 0);
    assert_eq!(fixture.count("SELECT count(*) FROM article_file").await, 0);
    assert!(!store.add_passages(&in_work, 0, vec![passage("a", "b")]).await.unwrap());
    // It cannot be given to an agent any more.
    let edit = AgentEdit::of_articles(vec![id]);
    let given = store.update_agent(workspace, agent, edit).await.unwrap();
    assert!(matches!(given, crate::AgentUpdate::UnknownArticles(_)));

    let work = store.claim_article().await.unwrap();
    assert!(matches!(work, Some(IndexingWork::Clear(other)) if other == id));
    assert_eq!(store.clear_passages(id, None, 1).await.unwrap(), 1);
    assert_eq!(store.clear_passages(id, None, 5).await.unwrap(), 1);
    store.forget_article(id).await.unwrap();
    assert!(store.claim_article().await.unwrap().is_none());
    assert_eq!(fixture.count("SELECT count(*) FROM article").await, 0);
    fixture.check_index().await;
}

#[tokio::test]
async fn what_was_in_work_is_found_again_and_its_attempts_are_counted() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    let first = queue(&fixture, ArticleSource::Text("bicycle".to_owned())).await;
    assert_eq!(claim(&fixture).await.attempt, 1);
    assert!(store.claim_article().await.unwrap().is_none());
    assert_eq!(store.count_articles_in_work(fixture.workspace).await.unwrap(), 1);
    // As after a crash.
    store.recover_articles(NOW).await.unwrap();
    let again = claim(&fixture).await;
    assert_eq!((again.id, again.attempt), (first, 2));
    // As after a stop in good order.
    store.put_article_back(&again).await.unwrap();
    assert_eq!(claim(&fixture).await.attempt, 2);
    store.recover_articles(NOW).await.unwrap();
    index(&fixture, &["bicycle"]).await;
    assert_eq!(store.count_articles_in_work(fixture.workspace).await.unwrap(), 0);
    // A deleted article is nobody's loss, and one that lives is never forgotten.
    store.forget_article(first).await.unwrap();
    assert_eq!(summary(&fixture, first).await.passages, 1);
}

#[tokio::test]
async fn only_what_failed_is_tried_again() {
    let fixture = Fixture::new().await;
    let (store, workspace) = (&fixture.store, fixture.workspace);
    let id = queue(&fixture, file(b"bicycle")).await;
    let article = claim(&fixture).await;
    let reason = "It is a picture.".to_owned();
    store.finish_article(&article, Some(reason.clone())).await.unwrap();
    assert_eq!(summary(&fixture, id).await.state, ArticleState::Failed(verbatim(reason)));
    assert!(store.claim_article().await.unwrap().is_none());
    let retried = store.retry_article(workspace, id, NOW).await.unwrap().unwrap();
    assert_eq!(retried.state, ArticleState::Queued);
    // The file is still there.
    let article = claim(&fixture).await;
    assert_eq!(article.attempt, 1);
    assert!(store.article_source(&article).await.unwrap().is_some());
    let in_work = store.retry_article(workspace, id, NOW).await.unwrap().unwrap();
    assert_eq!(in_work.state, ArticleState::Indexing);
}

#[tokio::test]
async fn an_article_is_taken_back_from_a_worker_that_is_gone_and_from_no_other() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    queue(&fixture, ArticleSource::Text("bicycle".to_owned())).await;
    // Opened first, because opening forgets all workers.
    let other = engine_under_test(fixture.folder.path());
    other.beat(NOW).await.unwrap();
    assert!(other.claim_article().await.unwrap().is_some());
    store.recover_articles(NOW.plus_millis(ALIVE_MILLIS - 1_000)).await.unwrap();
    assert!(store.claim_article().await.unwrap().is_none(), "the other may still work on it");
    store.recover_articles(NOW.plus_millis(ALIVE_MILLIS + 1_000)).await.unwrap();
    assert_eq!(claim(&fixture).await.attempt, 2);
}

#[tokio::test]
async fn whoever_was_overtaken_clears_nothing_of_the_next_attempt_away() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    let id = queue(&fixture, ArticleSource::Text("bicycle".to_owned())).await;
    let old = claim(&fixture).await;
    assert!(store.add_passages(&old, 0, vec![passage("Delivery", "bicycle")]).await.unwrap());
    let changed = ArticleSource::Text("train".to_owned());
    store.replace_article(fixture.workspace, id, changed, NOW).await.unwrap();
    let new = claim(&fixture).await;
    assert!(store.add_passages(&new, 0, vec![passage("Delivery", "train")]).await.unwrap());
    assert_eq!(store.clear_passages(id, Some(old.revision), 10).await.unwrap(), 1);
    assert!(store.publish_passages(&new, 1).await.unwrap());
    assert_eq!(fixture.count("SELECT count(*) FROM passage").await, 1);
    fixture.check_index().await;
}
