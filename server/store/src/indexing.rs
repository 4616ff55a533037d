//! Indexing articles, as a job that survives a restart.
//!
//! A worker takes an article at a time ([`Store::claim_article`]). The claim gives the content a
//! revision of its own; passages are stored under it in small steps, so that other writes come in
//! between, and become visible all at once ([`Store::publish_passages`]). Whoever changes or
//! deletes the article meanwhile raises the revision, after which the worker can store nothing.

use std::ops::ControlFlow;

use cavuer_protocol::{ArticleId, Timestamp, WorkspaceId};
use serde::Deserialize;

use crate::articles::{ArticleSource, chars};
use crate::sql::{Lock, Sql, params};
use crate::workers::{perhaps_left, seen_before};
use crate::{Store, StoreError, StoredPassage, passages};

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
    /// Names, with `revision`, the work in everything that is stored of it.
    pub id: ArticleId,
    /// Whose consoles are told how far it is.
    pub workspace: WorkspaceId,
    /// Stored with each of its passages, which are found by its words as well.
    pub title: String,
    /// Names this attempt; it means nothing any more once somebody changed the article.
    pub revision: i64,
    /// How often it was begun, this time included.
    pub attempt: u32,
}

/// State of an article that waits for the worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Waiting {
    Queued,
    Deleted,
}

impl Store {
    /// Takes the article that has waited longest; `None` if none waits.
    pub async fn claim_article(&self) -> Result<Option<IndexingWork>, StoreError> {
        loop {
            let worker = self.worker.clone();
            let attempt = self.database.write(move |sql| try_to_claim(sql, &worker));
            if let ControlFlow::Break(work) = attempt.await? {
                return Ok(work);
            }
        }
    }

    /// Puts back the articles that are marked as in work although nobody works on them: this
    /// process does not, or their worker is gone. The interrupted attempt still counts.
    pub async fn recover_articles(&self, now: Timestamp) -> Result<(), StoreError> {
        let worker = self.worker.clone();
        self.database
            .write(move |sql| {
                sql.execute(
                    concat!(
                        "UPDATE article_state SET state = 'queued'
                         WHERE state = 'indexing' AND ",
                        perhaps_left!("article_state.worker")
                    ),
                    params![&*worker, seen_before(now)],
                )?;
                Ok(())
            })
            .await
    }

    /// Puts an article back without counting the attempt, because the program stops in good order.
    pub async fn put_article_back(&self, article: &ClaimedArticle) -> Result<(), StoreError> {
        let (id, revision) = (article.id, article.revision);
        self.database
            .write(move |sql| {
                sql.execute(
                    "UPDATE article_state SET state = 'queued',
                         attempts = CASE WHEN attempts > 0 THEN attempts - 1 ELSE 0 END
                     WHERE article_id = ?1 AND revision = ?2 AND state = 'indexing'",
                    params![id, revision],
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
        self.database
            .read(move |sql| {
                if !holds(sql, id, revision)? {
                    return Ok(None);
                }
                let file = sql.row(
                    "SELECT name, bytes FROM article_file WHERE article_id = ?1",
                    params![id],
                    |row| {
                        Ok(ArticleSource::File { name: row.get("name")?, bytes: row.get("bytes")? })
                    },
                )?;
                if file.is_some() {
                    return Ok(file);
                }
                let text = sql.value("SELECT content FROM article WHERE id = ?1", params![id])?;
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
        self.database
            .write(move |sql| {
                sql.lock(Lock::Article(id))?;
                if !holds(sql, id, revision)? {
                    return Ok(false);
                }
                sql.execute(
                    "UPDATE article SET content = ?2, chars = ?3 WHERE id = ?1",
                    params![id, text, chars(&text)],
                )?;
                sql.execute(
                    "UPDATE article_state SET notes = ?2 WHERE article_id = ?1",
                    params![id, notes.join("\n")],
                )?;
                sql.execute("DELETE FROM article_file WHERE article_id = ?1", params![id])?;
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
        self.database
            .write(move |sql| {
                sql.lock(Lock::Article(id))?;
                if !holds(sql, id, revision)? {
                    return Ok(false);
                }
                passages::insert(sql, id, revision, first, &passages)?;
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
        self.database
            .write(move |sql| {
                // Its passages are not cleared away at the same time.
                sql.lock(Lock::Article(id))?;
                let published = sql.execute(
                    "UPDATE article_state SET live_revision = revision, passages = ?3
                     WHERE article_id = ?1 AND revision = ?2 AND state = 'indexing'",
                    params![id, revision, count],
                )?;
                Ok(published > 0)
            })
            .await
    }

    /// Deletes at most `most` passages of an article that no search sees, and says how many went.
    /// With a revision those of later ones stay: another worker may be storing them. `None` is for
    /// what was deleted.
    pub async fn clear_passages(
        &self,
        id: ArticleId,
        up_to: Option<i64>,
        most: u32,
    ) -> Result<usize, StoreError> {
        self.database
            .write(move |sql| {
                sql.lock(Lock::Article(id))?;
                passages::delete_unseen(sql, id, up_to.unwrap_or(i64::MAX), most)
            })
            .await
    }

    /// Ends the work on an article: `failure` is why it failed, for people. Nothing happens if
    /// the article was changed or deleted meanwhile.
    pub async fn finish_article(
        &self,
        article: &ClaimedArticle,
        failure: Option<String>,
    ) -> Result<(), StoreError> {
        let (id, revision) = (article.id, article.revision);
        self.database
            .write(move |sql| {
                let state = if failure.is_none() { "ready" } else { "failed" };
                sql.execute(
                    "UPDATE article_state SET state = ?3, failure = ?4
                     WHERE article_id = ?1 AND revision = ?2 AND state = 'indexing'",
                    params![id, revision, state, failure],
                )?;
                Ok(())
            })
            .await
    }

    /// Takes a deleted article's last row away, after its passages have gone.
    pub async fn forget_article(&self, id: ArticleId) -> Result<(), StoreError> {
        self.database
            .write(move |sql| {
                sql.lock(Lock::Article(id))?;
                sql.execute(
                    "DELETE FROM article WHERE id = ?1 AND EXISTS
                         (SELECT 1 FROM article_state
                          WHERE article_id = ?1 AND state = 'deleted')",
                    params![id],
                )?;
                Ok(())
            })
            .await
    }

    /// How many articles of a workspace wait or are in work.
    pub async fn count_articles_in_work(&self, workspace: WorkspaceId) -> Result<u32, StoreError> {
        self.database
            .read(move |sql| {
                sql.only_value(
                    "SELECT count(*) FROM article_state
                     JOIN article ON article.id = article_state.article_id
                     WHERE article_state.state IN ('queued', 'indexing')
                       AND article.workspace_id = ?1",
                    params![workspace],
                )
            })
            .await
    }
}

/// Goes on if another worker was faster.
fn try_to_claim(
    sql: &dyn Sql,
    worker: &str,
) -> Result<ControlFlow<Option<IndexingWork>>, StoreError> {
    let next = sql.row(
        "SELECT article_id, state FROM article_state
         WHERE state IN ('queued', 'deleted') ORDER BY queued_at, article_id LIMIT 1",
        params![],
        |row| Ok((row.get("article_id")?, row.word("state")?)),
    )?;
    let Some((id, state)) = next else { return Ok(ControlFlow::Break(None)) };
    let work = match state {
        // Clearing away twice does no harm.
        Waiting::Deleted => Some(IndexingWork::Clear(id)),
        Waiting::Queued => {
            sql.lock(Lock::Article(id))?;
            claim(sql, id, worker)?.map(IndexingWork::Index)
        }
    };
    Ok(work.map_or(ControlFlow::Continue(()), |work| ControlFlow::Break(Some(work))))
}

/// `None` if it does not wait any more.
fn claim(sql: &dyn Sql, id: ArticleId, worker: &str) -> Result<Option<ClaimedArticle>, StoreError> {
    let claimed = sql.execute(
        "UPDATE article_state SET state = 'indexing', revision = revision + 1,
             attempts = attempts + 1, worker = ?2
         WHERE article_id = ?1 AND state = 'queued'",
        params![id, worker],
    )?;
    if claimed == 0 {
        return Ok(None);
    }
    sql.row(
        "SELECT article.workspace_id, article.title, article_state.revision,
                article_state.attempts
         FROM article_state JOIN article ON article.id = article_state.article_id
         WHERE article_state.article_id = ?1",
        params![id],
        |row| {
            Ok(ClaimedArticle {
                id,
                workspace: row.get("workspace_id")?,
                title: row.get("title")?,
                revision: row.get("revision")?,
                attempt: row.get("attempts")?,
            })
        },
    )
}

/// Whether an attempt still stands.
fn holds(sql: &dyn Sql, id: ArticleId, revision: i64) -> Result<bool, StoreError> {
    sql.only_value(
        "SELECT EXISTS (SELECT 1 FROM article_state
             WHERE article_id = ?1 AND revision = ?2 AND state = 'indexing')",
        params![id, revision],
    )
}

#[cfg(test)]
mod tests;
