//! Knowledge articles. How they are indexed is in [`super::indexing`].

mod reading;
mod state;

use cavuer_protocol::{AgentId, ArticleId, Notice, Timestamp, WorkspaceId};

use crate::sql::{Lock, Sql, params};
use crate::{Store, StoreError, StoredPassage, fold, passages};

use reading::all;
pub(crate) use reading::by_id;
pub use state::ArticleState;

/// An article that has to be indexed.
#[derive(Clone, Debug)]
pub struct NewArticleRecord {
    /// Made by whoever creates it.
    pub id: ArticleId,
    /// Whose agents may be linked to it.
    pub workspace: WorkspaceId,
    /// It stays, and each passage is found by its words as well.
    pub title: String,
    /// Kept as it is until the worker takes the article.
    pub source: ArticleSource,
    /// Articles wait in this order; also the first [`ArticleRecord::updated_at`].
    pub created_at: Timestamp,
}

/// What an article is made from.
#[derive(Clone, Debug)]
pub enum ArticleSource {
    /// Text as it will be kept.
    Text(String),
    /// An uploaded file, to be read later.
    File {
        /// Its ending says, with the content, what kind of document it is; people see it.
        name: String,
        /// The whole file; it goes as soon as its text is stored.
        bytes: Vec<u8>,
    },
}

/// An article whose passages have been made already.
#[derive(Clone, Debug)]
pub struct StoredArticle {
    /// Made by whoever creates it.
    pub id: ArticleId,
    /// Whose agents may be linked to it.
    pub workspace: WorkspaceId,
    /// It stays; the passages have it, too.
    pub title: String,
    /// Name of the uploaded file; `None` for typed text.
    pub file_name: Option<String>,
    /// The text that the passages were cut from.
    pub content: String,
    /// All of them, in the order of the text; searches see them at once.
    pub passages: Vec<StoredPassage>,
    /// Also its [`ArticleRecord::updated_at`].
    pub created_at: Timestamp,
}

/// An article without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleRecord {
    /// Names it everywhere.
    pub id: ArticleId,
    /// As it was given; it stays.
    pub title: String,
    /// Name of the uploaded file; `None` for typed text.
    pub file_name: Option<String>,
    /// Length of the content in characters.
    pub chars: u64,
    /// Passages that retrieval can find.
    pub passages: u32,
    /// When its content was last replaced.
    pub updated_at: Timestamp,
    /// Where its indexing stands.
    pub state: ArticleState,
    /// What whoever relies on the text should know.
    pub notes: Vec<Notice>,
    /// The agents that may use it.
    pub agents: Vec<AgentId>,
}

/// An article with its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WholeArticle {
    /// All but the content.
    pub article: ArticleRecord,
    /// Empty until an uploaded file has been read.
    pub content: String,
}

impl Store {
    /// Stores an article that waits to be indexed.
    pub async fn queue_article(
        &self,
        article: NewArticleRecord,
    ) -> Result<ArticleRecord, StoreError> {
        self.database
            .write(move |sql| {
                let NewArticleRecord { id, workspace, title, source, created_at } = article;
                let (file_name, content) = match &source {
                    ArticleSource::Text(text) => (None, text.as_str()),
                    ArticleSource::File { name, .. } => (Some(name.as_str()), ""),
                };
                sql.lock(Lock::Article(id))?;
                insert(sql, (id, workspace), &title, file_name, content, created_at)?;
                sql.execute(
                    "INSERT INTO article_state (article_id, revision, state, queued_at)
                     VALUES (?1, 1, 'queued', ?2)",
                    params![id, created_at],
                )?;
                keep_file(sql, id, &source)?;
                found(by_id(sql, workspace, id)?)
            })
            .await
    }

    /// Stores an article together with its passages, ready to be found.
    pub async fn create_article(
        &self,
        article: StoredArticle,
    ) -> Result<ArticleRecord, StoreError> {
        self.database
            .write(move |sql| {
                let StoredArticle { id, workspace, title, file_name, content, .. } = &article;
                let (key, at) = ((*id, *workspace), article.created_at);
                sql.lock(Lock::Article(*id))?;
                insert(sql, key, title, file_name.as_deref(), content, at)?;
                sql.execute(
                    "INSERT INTO article_state
                         (article_id, revision, live_revision, passages, state, queued_at)
                     VALUES (?1, 1, 1, ?2, 'ready', ?3)",
                    params![id, count(&article.passages), at],
                )?;
                passages::insert(sql, *id, 1, 0, &article.passages)?;
                found(by_id(sql, *workspace, *id)?)
            })
            .await
    }

    /// Puts something else in the place of an article's content; it waits to be indexed, and the
    /// old passages are found until then. `None` if there is no such article.
    pub async fn replace_article(
        &self,
        workspace: WorkspaceId,
        id: ArticleId,
        source: ArticleSource,
        now: Timestamp,
    ) -> Result<Option<ArticleRecord>, StoreError> {
        self.database
            .write(move |sql| {
                sql.lock(Lock::Article(id))?;
                if by_id(sql, workspace, id)?.is_none() {
                    return Ok(None);
                }
                match &source {
                    ArticleSource::Text(text) => sql.execute(
                        "UPDATE article SET content = ?2, chars = ?3, updated_at = ?4
                         WHERE id = ?1",
                        params![id, text, chars(text), now],
                    )?,
                    ArticleSource::File { name, .. } => sql.execute(
                        "UPDATE article SET file_name = ?2, updated_at = ?3 WHERE id = ?1",
                        params![id, name, now],
                    )?,
                };
                sql.execute(
                    "UPDATE article_state SET revision = revision + 1, state = 'queued',
                         failure = NULL, notes = '', queued_at = ?2, attempts = 0
                     WHERE article_id = ?1",
                    params![id, now],
                )?;
                sql.execute("DELETE FROM article_file WHERE article_id = ?1", params![id])?;
                keep_file(sql, id, &source)?;
                by_id(sql, workspace, id)
            })
            .await
    }

    /// Lets an article whose indexing failed wait for another try. `None` if there is no such
    /// article; one that has not failed stays as it is.
    pub async fn retry_article(
        &self,
        workspace: WorkspaceId,
        id: ArticleId,
        now: Timestamp,
    ) -> Result<Option<ArticleRecord>, StoreError> {
        self.database
            .write(move |sql| {
                sql.lock(Lock::Article(id))?;
                if by_id(sql, workspace, id)?.is_none() {
                    return Ok(None);
                }
                sql.execute(
                    "UPDATE article_state SET state = 'queued', failure = NULL, queued_at = ?2,
                         attempts = 0
                     WHERE article_id = ?1 AND state = 'failed'",
                    params![id, now],
                )?;
                by_id(sql, workspace, id)
            })
            .await
    }

    /// Deletes an article: nobody finds or sees it any more. Its passages may be many and are
    /// cleared away later. `false` if there is no such article.
    pub async fn delete_article(
        &self,
        workspace: WorkspaceId,
        id: ArticleId,
    ) -> Result<bool, StoreError> {
        self.database
            .write(move |sql| {
                // Which articles its agents may use is the workspace's: nobody links this one
                // while it goes.
                sql.lock(Lock::Workspace(workspace))?;
                sql.lock(Lock::Article(id))?;
                if by_id(sql, workspace, id)?.is_none() {
                    return Ok(false);
                }
                sql.execute(
                    "UPDATE article_state SET state = 'deleted', live_revision = NULL,
                         revision = revision + 1
                     WHERE article_id = ?1",
                    params![id],
                )?;
                sql.execute("DELETE FROM agent_article WHERE article_id = ?1", params![id])?;
                sql.execute("DELETE FROM article_file WHERE article_id = ?1", params![id])?;
                Ok(true)
            })
            .await
    }

    /// The articles of a workspace by title: those whose title contains `title`, whatever the
    /// letter case, and which `agent` may use, where these are given.
    pub async fn articles(
        &self,
        workspace: WorkspaceId,
        title: Option<String>,
        agent: Option<AgentId>,
    ) -> Result<Vec<ArticleRecord>, StoreError> {
        self.database
            .read(move |sql| {
                let wanted = title.as_deref().map(fold::Needle::new);
                let mut articles = all(sql, workspace, wanted.as_ref())?;
                if let Some(agent) = agent {
                    articles.retain(|article| article.agents.contains(&agent));
                }
                articles.sort_by_cached_key(|article| (article.title.to_lowercase(), article.id));
                Ok(articles)
            })
            .await
    }

    /// One article without its content.
    pub async fn article_summary(
        &self,
        workspace: WorkspaceId,
        id: ArticleId,
    ) -> Result<Option<ArticleRecord>, StoreError> {
        self.database.read(move |sql| by_id(sql, workspace, id)).await
    }

    /// One article with its content.
    pub async fn article(
        &self,
        workspace: WorkspaceId,
        id: ArticleId,
    ) -> Result<Option<WholeArticle>, StoreError> {
        self.database
            .read(move |sql| {
                let Some(article) = by_id(sql, workspace, id)? else { return Ok(None) };
                let content =
                    sql.only_value("SELECT content FROM article WHERE id = ?1", params![id])?;
                Ok(Some(WholeArticle { article, content }))
            })
            .await
    }
}

fn insert(
    sql: &dyn Sql,
    (id, workspace): (ArticleId, WorkspaceId),
    title: &str,
    file_name: Option<&str>,
    content: &str,
    created_at: Timestamp,
) -> Result<(), StoreError> {
    sql.execute(
        "INSERT INTO article
             (id, workspace_id, title, file_name, content, chars, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
        params![id, workspace, title, file_name, content, chars(content), created_at],
    )?;
    Ok(())
}

fn keep_file(sql: &dyn Sql, id: ArticleId, source: &ArticleSource) -> Result<(), StoreError> {
    if let ArticleSource::File { name, bytes } = source {
        sql.execute(
            "INSERT INTO article_file (article_id, name, bytes) VALUES (?1, ?2, ?3)",
            params![id, name, bytes],
        )?;
    }
    Ok(())
}

fn found(article: Option<ArticleRecord>) -> Result<ArticleRecord, StoreError> {
    article.ok_or_else(|| StoreError::fault("an article that was just stored is not there"))
}

pub(crate) fn chars(content: &str) -> i64 {
    i64::try_from(content.chars().count()).unwrap_or(i64::MAX)
}

fn count(passages: &[StoredPassage]) -> u32 {
    u32::try_from(passages.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
