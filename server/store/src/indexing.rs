//! Indexing articles, as a job that survives a restart.
//!
//! One worker takes an article at a time ([`Store::claim_article`]). The claim gives the content a
//! revision of its own; passages are stored under it in small steps, so that other writes come in
//! between, and become visible all at once ([`Store::publish_passages`]). Whoever changes or
//! deletes the article meanwhile raises the revision, after which the worker can store nothing.

use cavuer_protocol::{ArticleId, WorkspaceId};
use rusqlite::{Connection, OptionalExtension, params};

use super::articles::{ArticleSource, chars};
use super::{Store, StoreError, StoredPassage, passages, row};

/// What the worker has to do next.
#[derive(Clone, Debug)]
pub enum IndexingWork {
    /// Make passages of an article's content.
    Index(ClaimedArticle),
    /// Clear away what is left of a deleted article.
    Clear(ArticleId),
}

/// An article in work.
#[derive(Clone, Debug)]
pub struct ClaimedArticle {
    pub id: ArticleId,
    pub workspace: WorkspaceId,
    pub title: String,
    /// Names this attempt; it means nothing any more once somebody changed the article.
    pub revision: i64,
    /// How often it was begun, this time included.
    pub attempt: u32,
}

impl Store {
    /// Takes the article that has waited longest; `None` if none waits.
    pub async fn claim_article(&self) -> Result<Option<IndexingWork>, StoreError> {
        self.pool
            .write(|conn| {
                let next = conn
                    .prepare_cached(
                        "SELECT article_id, state FROM article_state
                         WHERE state IN ('queued', 'deleted') ORDER BY queued_at, article_id
                         LIMIT 1",
                    )?
                    .query_row([], |row| {
                        Ok((row::id(row, 0, ArticleId)?, row.get::<_, String>(1)? == "deleted"))
                    })
                    .optional()?;
                match next {
                    None => Ok(None),
                    Some((id, true)) => Ok(Some(IndexingWork::Clear(id))),
                    Some((id, false)) => Ok(Some(IndexingWork::Index(claim(conn, id)?))),
                }
            })
            .await
    }

    /// Puts back what was in work when the program ended.
    pub async fn recover_articles(&self) -> Result<(), StoreError> {
        self.pool
            .write(|conn| {
                let sql = "UPDATE article_state SET state = 'queued' WHERE state = 'indexing'";
                conn.execute(sql, [])?;
                Ok(())
            })
            .await
    }

    /// Puts an article back without counting the attempt, because the program stops in good order.
    pub async fn put_article_back(&self, article: &ClaimedArticle) -> Result<(), StoreError> {
        let (id, revision) = (article.id, article.revision);
        self.pool
            .write(move |conn| {
                conn.execute(
                    "UPDATE article_state SET state = 'queued', attempts = max(attempts - 1, 0)
                     WHERE article_id = ?1 AND revision = ?2 AND state = 'indexing'",
                    params![id.0, revision],
                )?;
                Ok(())
            })
            .await
    }

    /// What an article in work is made from; `None` if it was changed or deleted meanwhile.
    pub async fn article_source(
        &self,
        article: &ClaimedArticle,
    ) -> Result<Option<ArticleSource>, StoreError> {
        let (id, revision) = (article.id, article.revision);
        self.pool
            .read(move |conn| {
                if !holds(conn, id, revision)? {
                    return Ok(None);
                }
                let sql = "SELECT name, bytes FROM article_file WHERE article_id = ?1";
                let file = conn.query_row(sql, [id.0], |row| {
                    Ok(ArticleSource::File { name: row.get(0)?, bytes: row.get(1)? })
                });
                if let Some(file) = file.optional()? {
                    return Ok(Some(file));
                }
                let sql = "SELECT content FROM article WHERE id = ?1";
                let text = conn.query_row(sql, [id.0], |row| row.get(0)).optional()?;
                Ok(text.map(ArticleSource::Text))
            })
            .await
    }

    /// Keeps the text of a file in the file's place. `false` if the article was changed or deleted
    /// meanwhile.
    pub async fn keep_text(
        &self,
        article: &ClaimedArticle,
        text: String,
        notes: Vec<String>,
    ) -> Result<bool, StoreError> {
        let (id, revision) = (article.id, article.revision);
        self.pool
            .write(move |conn| {
                if !holds(conn, id, revision)? {
                    return Ok(false);
                }
                conn.execute(
                    "UPDATE article SET content = ?2, chars = ?3 WHERE id = ?1",
                    params![id.0, text, chars(&text)],
                )?;
                conn.execute(
                    "UPDATE article_state SET notes = ?2 WHERE article_id = ?1",
                    params![id.0, notes.join("\n")],
                )?;
                conn.execute("DELETE FROM article_file WHERE article_id = ?1", [id.0])?;
                Ok(true)
            })
            .await
    }

    /// Stores some of the passages, the first of which is the `first`-th, from 0. `false` if the
    /// article was changed or deleted meanwhile.
    pub async fn add_passages(
        &self,
        article: &ClaimedArticle,
        first: i64,
        passages: Vec<StoredPassage>,
    ) -> Result<bool, StoreError> {
        let (id, revision) = (article.id, article.revision);
        self.pool
            .write(move |conn| {
                if !holds(conn, id, revision)? {
                    return Ok(false);
                }
                passages::insert(conn, id, revision, first, &passages)?;
                Ok(true)
            })
            .await
    }

    /// Lets searches see the passages of this revision and no others. `false` if the article was
    /// changed or deleted meanwhile.
    pub async fn publish_passages(
        &self,
        article: &ClaimedArticle,
        count: u32,
    ) -> Result<bool, StoreError> {
        let (id, revision) = (article.id, article.revision);
        self.pool
            .write(move |conn| {
                let sql = "UPDATE article_state SET live_revision = revision, passages = ?3
                           WHERE article_id = ?1 AND revision = ?2 AND state = 'indexing'";
                Ok(conn.execute(sql, params![id.0, revision, count])? > 0)
            })
            .await
    }

    /// Deletes at most `most` passages of an article that no search sees, and says how many went.
    pub async fn clear_passages(&self, id: ArticleId, most: u32) -> Result<usize, StoreError> {
        self.pool.write(move |conn| Ok(passages::delete_unseen(conn, id, most)?)).await
    }

    /// Ends the work on an article: `failure` is why it failed, for people. Nothing happens if
    /// the article was changed or deleted meanwhile.
    pub async fn finish_article(
        &self,
        article: &ClaimedArticle,
        failure: Option<String>,
    ) -> Result<(), StoreError> {
        let (id, revision) = (article.id, article.revision);
        self.pool
            .write(move |conn| {
                let state = if failure.is_none() { "ready" } else { "failed" };
                conn.execute(
                    "UPDATE article_state SET state = ?3, failure = ?4
                     WHERE article_id = ?1 AND revision = ?2 AND state = 'indexing'",
                    params![id.0, revision, state, failure],
                )?;
                Ok(())
            })
            .await
    }

    /// Takes a deleted article's last row away, after its passages have gone.
    pub async fn forget_article(&self, id: ArticleId) -> Result<(), StoreError> {
        self.pool
            .write(move |conn| {
                conn.execute(
                    "DELETE FROM article WHERE id = ?1 AND EXISTS
                         (SELECT 1 FROM article_state
                          WHERE article_id = ?1 AND state = 'deleted')",
                    [id.0],
                )?;
                Ok(())
            })
            .await
    }

    /// How many articles of a workspace wait or are in work.
    pub async fn count_articles_in_work(&self, workspace: WorkspaceId) -> Result<u32, StoreError> {
        self.pool
            .read(move |conn| {
                let sql = "SELECT count(*) FROM article_state
                           JOIN article ON article.id = article_state.article_id
                           WHERE article_state.state IN ('queued', 'indexing')
                             AND article.workspace_id = ?1";
                Ok(conn.query_row(sql, [workspace.0], |row| row.get(0))?)
            })
            .await
    }
}

fn claim(conn: &Connection, id: ArticleId) -> rusqlite::Result<ClaimedArticle> {
    conn.execute(
        "UPDATE article_state SET state = 'indexing', revision = revision + 1,
             attempts = attempts + 1
         WHERE article_id = ?1",
        [id.0],
    )?;
    let mut statement = conn.prepare_cached(
        "SELECT article.workspace_id, article.title, article_state.revision,
                article_state.attempts
         FROM article_state JOIN article ON article.id = article_state.article_id
         WHERE article_state.article_id = ?1",
    )?;
    statement.query_row([id.0], |row| {
        Ok(ClaimedArticle {
            id,
            workspace: row::id(row, 0, WorkspaceId)?,
            title: row.get(1)?,
            revision: row.get(2)?,
            attempt: row.get(3)?,
        })
    })
}

/// Whether an attempt still stands.
fn holds(conn: &Connection, id: ArticleId, revision: i64) -> rusqlite::Result<bool> {
    let mut statement = conn.prepare_cached(
        "SELECT 1 FROM article_state
         WHERE article_id = ?1 AND revision = ?2 AND state = 'indexing'",
    )?;
    statement.exists(params![id.0, revision])
}

#[cfg(test)]
mod tests {
    use cavuer_protocol::AgentId;
    use cavuer_protocol::console::{Article, ArticleStatus};

    use super::*;
    use crate::fixture::{Fixture, NOW, link, passage, titles};
    use crate::{ArticleSource, NewArticle};

    fn file(bytes: &[u8]) -> ArticleSource {
        ArticleSource::File { name: "delivery.txt".to_owned(), bytes: bytes.to_vec() }
    }

    async fn queue(fixture: &Fixture, source: ArticleSource) -> ArticleId {
        let id = fixture.random.id(NOW, ArticleId::from_parts);
        let (workspace, title) = (fixture.workspace, "Delivery".to_owned());
        let new = NewArticle { id, workspace, title, source, created_at: NOW };
        assert_eq!(fixture.store.queue_article(new).await.unwrap().status, ArticleStatus::Queued);
        id
    }

    async fn claim(fixture: &Fixture) -> ClaimedArticle {
        match fixture.store.claim_article().await.unwrap() {
            Some(IndexingWork::Index(article)) => article,
            other => panic!("{other:?}"),
        }
    }

    async fn summary(fixture: &Fixture, id: ArticleId) -> Article {
        let found = fixture.store.article_summary(fixture.workspace, id).await;
        found.unwrap().expect("an article")
    }

    /// Indexes what waits as one passage per word given.
    async fn index(fixture: &Fixture, words: &[&str]) {
        let store = &fixture.store;
        let article = claim(fixture).await;
        while store.clear_passages(article.id, 1).await.unwrap() > 0 {}
        for (place, word) in (0..).zip(words) {
            let passages = vec![passage("Delivery", word)];
            assert!(store.add_passages(&article, place, passages).await.unwrap());
        }
        let count = u32::try_from(words.len()).unwrap();
        assert!(store.publish_passages(&article, count).await.unwrap());
        while store.clear_passages(article.id, 1).await.unwrap() > 0 {}
        store.finish_article(&article, None).await.unwrap();
        assert_eq!(summary(fixture, article.id).await.status, ArticleStatus::Ready);
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
        assert_eq!((replaced.status, replaced.updated_at), (ArticleStatus::Queued, later));
        assert_eq!((replaced.passages, &replaced.agents[..]), (1, &[agent][..]));
        let article = claim(&fixture).await;
        let ArticleSource::File { bytes, .. } =
            store.article_source(&article).await.unwrap().unwrap()
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
        assert_eq!(store.clear_passages(id, 100).await.unwrap(), 1);
        store.finish_article(&article, None).await.unwrap();
        let ready = summary(&fixture, id).await;
        assert_eq!((ready.status, ready.passages, ready.chars), (ArticleStatus::Ready, 2, 10));
        assert_eq!((ready.notes, ready.file_name.as_deref()), (notes, Some("delivery.txt")));
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
        assert_eq!(summary(&fixture, id).await.status, ArticleStatus::Queued);
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
        let articles = Some(vec![id]);
        let changes = cavuer_protocol::console::AgentChanges { articles, ..Default::default() };
        let given = store.update_agent(workspace, agent, changes).await.unwrap();
        assert!(matches!(given, crate::AgentUpdate::UnknownArticles(_)));

        let work = store.claim_article().await.unwrap();
        assert!(matches!(work, Some(IndexingWork::Clear(other)) if other == id));
        assert_eq!(store.clear_passages(id, 1).await.unwrap(), 1);
        assert_eq!(store.clear_passages(id, 5).await.unwrap(), 1);
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
        store.recover_articles().await.unwrap();
        let again = claim(&fixture).await;
        assert_eq!((again.id, again.attempt), (first, 2));
        // As after a stop in good order.
        store.put_article_back(&again).await.unwrap();
        assert_eq!(claim(&fixture).await.attempt, 2);
        store.recover_articles().await.unwrap();
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
        assert_eq!(
            summary(&fixture, id).await.status,
            ArticleStatus::Failed { reason, notice: None }
        );
        assert!(store.claim_article().await.unwrap().is_none());
        let retried = store.retry_article(workspace, id, NOW).await.unwrap().unwrap();
        assert_eq!(retried.status, ArticleStatus::Queued);
        // The file is still there.
        let article = claim(&fixture).await;
        assert_eq!(article.attempt, 1);
        assert!(store.article_source(&article).await.unwrap().is_some());
        let in_work = store.retry_article(workspace, id, NOW).await.unwrap().unwrap();
        assert_eq!(in_work.status, ArticleStatus::Indexing { percent: 0 });
    }
}
