//! Knowledge articles. How they are indexed is in [`super::indexing`].

use cavuer_protocol::console::{Article, ArticleDetail, ArticleStatus};
use cavuer_protocol::{AgentId, ArticleId, Notice, Timestamp, WorkspaceId};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Store, StoreError, StoredPassage, fold, passages, row};

const COLUMNS: &str = "article.id, article.title, article.file_name, article.chars,
                       article.updated_at, article_state.passages, article_state.state,
                       article_state.failure, article_state.notes";

/// Deleted articles are there until their passages have been cleared away.
const FROM: &str = "FROM article JOIN article_state ON article_state.article_id = article.id
                    AND article_state.state <> 'deleted'";

/// An article that has to be indexed.
#[derive(Clone, Debug)]
pub struct NewArticle {
    pub id: ArticleId,
    pub workspace: WorkspaceId,
    pub title: String,
    pub source: ArticleSource,
    pub created_at: Timestamp,
}

/// What an article is made from.
#[derive(Clone, Debug)]
pub enum ArticleSource {
    /// Text as it will be kept.
    Text(String),
    /// An uploaded file, to be read later.
    File { name: String, bytes: Vec<u8> },
}

/// An article whose passages have been made already.
#[derive(Clone, Debug)]
pub struct StoredArticle {
    pub id: ArticleId,
    pub workspace: WorkspaceId,
    pub title: String,
    /// Name of the uploaded file; `None` for typed text.
    pub file_name: Option<String>,
    pub content: String,
    pub passages: Vec<StoredPassage>,
    pub created_at: Timestamp,
}

impl Store {
    /// Stores an article that waits to be indexed.
    pub async fn queue_article(&self, article: NewArticle) -> Result<Article, StoreError> {
        self.pool
            .write(move |conn| {
                let NewArticle { id, workspace, title, source, created_at } = article;
                let (file_name, content) = match &source {
                    ArticleSource::Text(text) => (None, text.as_str()),
                    ArticleSource::File { name, .. } => (Some(name.as_str()), ""),
                };
                insert(conn, (id, workspace), &title, file_name, content, created_at)?;
                conn.execute(
                    "INSERT INTO article_state (article_id, revision, state, queued_at)
                     VALUES (?1, 1, 'queued', ?2)",
                    params![id.0, created_at.0],
                )?;
                keep_file(conn, id, &source)?;
                found(by_id(conn, workspace, id)?)
            })
            .await
    }

    /// Stores an article together with its passages, ready to be found.
    pub async fn create_article(&self, article: StoredArticle) -> Result<Article, StoreError> {
        self.pool
            .write(move |conn| {
                let StoredArticle { id, workspace, title, file_name, content, .. } = &article;
                let (key, at) = ((*id, *workspace), article.created_at);
                insert(conn, key, title, file_name.as_deref(), content, at)?;
                conn.execute(
                    "INSERT INTO article_state
                         (article_id, revision, live_revision, passages, state, queued_at)
                     VALUES (?1, 1, 1, ?2, 'ready', ?3)",
                    params![id.0, count(&article.passages), at.0],
                )?;
                passages::insert(conn, *id, 1, 0, &article.passages)?;
                found(by_id(conn, *workspace, *id)?)
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
    ) -> Result<Option<Article>, StoreError> {
        self.pool
            .write(move |conn| {
                if by_id(conn, workspace, id)?.is_none() {
                    return Ok(None);
                }
                match &source {
                    ArticleSource::Text(text) => conn.execute(
                        "UPDATE article SET content = ?2, chars = ?3, updated_at = ?4
                         WHERE id = ?1",
                        params![id.0, text, chars(text), now.0],
                    )?,
                    ArticleSource::File { name, .. } => conn.execute(
                        "UPDATE article SET file_name = ?2, updated_at = ?3 WHERE id = ?1",
                        params![id.0, name, now.0],
                    )?,
                };
                conn.execute(
                    "UPDATE article_state SET revision = revision + 1, state = 'queued',
                         failure = NULL, notes = '', queued_at = ?2, attempts = 0
                     WHERE article_id = ?1",
                    params![id.0, now.0],
                )?;
                conn.execute("DELETE FROM article_file WHERE article_id = ?1", [id.0])?;
                keep_file(conn, id, &source)?;
                Ok(by_id(conn, workspace, id)?)
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
    ) -> Result<Option<Article>, StoreError> {
        self.pool
            .write(move |conn| {
                if by_id(conn, workspace, id)?.is_none() {
                    return Ok(None);
                }
                conn.execute(
                    "UPDATE article_state SET state = 'queued', failure = NULL, queued_at = ?2,
                         attempts = 0
                     WHERE article_id = ?1 AND state = 'failed'",
                    params![id.0, now.0],
                )?;
                Ok(by_id(conn, workspace, id)?)
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
        self.pool
            .write(move |conn| {
                if by_id(conn, workspace, id)?.is_none() {
                    return Ok(false);
                }
                conn.execute(
                    "UPDATE article_state SET state = 'deleted', live_revision = NULL,
                         revision = revision + 1
                     WHERE article_id = ?1",
                    [id.0],
                )?;
                conn.execute("DELETE FROM agent_article WHERE article_id = ?1", [id.0])?;
                conn.execute("DELETE FROM article_file WHERE article_id = ?1", [id.0])?;
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
    ) -> Result<Vec<Article>, StoreError> {
        self.pool
            .read(move |conn| {
                let sql = format!("SELECT {COLUMNS} {FROM} WHERE article.workspace_id = ?1");
                let wanted = title.as_deref().map(fold::Needle::new);
                let mut statement = conn.prepare_cached(&sql)?;
                let mut rows = statement.query([workspace.0])?;
                let mut articles = Vec::new();
                while let Some(row) = rows.next()? {
                    let title = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
                    if wanted.as_ref().is_some_and(|wanted| !wanted.is_in(title)) {
                        continue;
                    }
                    let article = complete(conn, article(row)?)?;
                    if agent.is_none_or(|agent| article.agents.contains(&agent)) {
                        articles.push(article);
                    }
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
    ) -> Result<Option<Article>, StoreError> {
        self.pool.read(move |conn| Ok(by_id(conn, workspace, id)?)).await
    }

    /// One article with its content.
    pub async fn article(
        &self,
        workspace: WorkspaceId,
        id: ArticleId,
    ) -> Result<Option<ArticleDetail>, StoreError> {
        self.pool
            .read(move |conn| {
                let Some(article) = by_id(conn, workspace, id)? else { return Ok(None) };
                let sql = "SELECT content FROM article WHERE id = ?1";
                let content = conn.query_row(sql, [id.0], |row| row.get(0))?;
                Ok(Some(ArticleDetail { article, content }))
            })
            .await
    }
}

fn insert(
    conn: &Connection,
    (id, workspace): (ArticleId, WorkspaceId),
    title: &str,
    file_name: Option<&str>,
    content: &str,
    created_at: Timestamp,
) -> rusqlite::Result<()> {
    conn.execute(
        "INSERT INTO article
             (id, workspace_id, title, file_name, content, chars, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
        params![id.0, workspace.0, title, file_name, content, chars(content), created_at.0],
    )?;
    Ok(())
}

fn keep_file(conn: &Connection, id: ArticleId, source: &ArticleSource) -> rusqlite::Result<()> {
    if let ArticleSource::File { name, bytes } = source {
        conn.execute(
            "INSERT INTO article_file (article_id, name, bytes) VALUES (?1, ?2, ?3)",
            params![id.0, name, bytes],
        )?;
    }
    Ok(())
}

fn found(article: Option<Article>) -> Result<Article, StoreError> {
    article.ok_or_else(|| StoreError::fault("an article that was just stored is not there"))
}

pub(crate) fn by_id(
    conn: &Connection,
    workspace: WorkspaceId,
    id: ArticleId,
) -> rusqlite::Result<Option<Article>> {
    let sql =
        format!("SELECT {COLUMNS} {FROM} WHERE article.workspace_id = ?1 AND article.id = ?2");
    let mut statement = conn.prepare_cached(&sql)?;
    let found = statement.query_row(params![workspace.0, id.0], article).optional()?;
    found.map(|article| complete(conn, article)).transpose()
}

/// An article without its agents.
fn article(row: &Row<'_>) -> rusqlite::Result<Article> {
    let notes = row.get_ref(8)?.as_str()?.lines().map(Notice::from_stored);
    let (notes, note_notices) = Notice::told_all(notes.collect());
    Ok(Article {
        id: row::id(row, 0, ArticleId)?,
        title: row.get(1)?,
        file_name: row.get(2)?,
        chars: row.get::<_, i64>(3)?.unsigned_abs(),
        updated_at: row::timestamp(row, 4)?,
        passages: row.get(5)?,
        status: status(row, 6)?,
        notes,
        note_notices,
        agents: Vec::new(),
    })
}

/// The status in a column, with the failure in the column after it.
fn status(row: &Row<'_>, column: usize) -> rusqlite::Result<ArticleStatus> {
    match row.get_ref(column)?.as_str()? {
        "queued" => Ok(ArticleStatus::Queued),
        "indexing" => Ok(ArticleStatus::Indexing { percent: 0 }),
        "ready" => Ok(ArticleStatus::Ready),
        "failed" => {
            let reason = row.get::<_, Option<String>>(column + 1)?.unwrap_or_default();
            Ok(ArticleStatus::failed(Notice::from_stored(&reason)))
        }
        other => Err(row::unreadable(column, format!("unknown state {other:?}"))),
    }
}

/// Adds which agents may use an article.
fn complete(conn: &Connection, mut article: Article) -> rusqlite::Result<Article> {
    let sql = "SELECT agent_id FROM agent_article WHERE article_id = ?1 ORDER BY agent_id";
    let mut statement = conn.prepare_cached(sql)?;
    let agents = statement.query_map([article.id.0], |row| row::id(row, 0, AgentId))?;
    article.agents = agents.collect::<Result<_, _>>()?;
    Ok(article)
}

pub(crate) fn chars(content: &str) -> i64 {
    i64::try_from(content.chars().count()).unwrap_or(i64::MAX)
}

fn count(passages: &[StoredPassage]) -> u32 {
    u32::try_from(passages.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, NOW, link};

    #[tokio::test]
    async fn lists_are_filtered_by_title_and_agent() {
        let fixture = Fixture::new().await;
        let agent = fixture.agent().await;
        let prices = fixture.article("Цены 100%", "Чай").await;
        fixture.article("Delivery", "By bicycle").await;
        link(&fixture, agent, vec![prices]).await;
        let list = async |title: Option<&str>, agent| {
            let title = title.map(str::to_owned);
            let articles = fixture.store.articles(fixture.workspace, title, agent).await.unwrap();
            articles.into_iter().map(|article| article.title).collect::<Vec<_>>()
        };
        assert_eq!(list(None, None).await, ["Delivery", "Цены 100%"]);
        assert_eq!(list(Some("цЕНЫ"), None).await, ["Цены 100%"]);
        assert_eq!(list(Some("0%"), None).await, ["Цены 100%"]);
        assert!(list(Some("D%y"), None).await.is_empty());
        assert_eq!(list(None, Some(agent)).await, ["Цены 100%"]);
        assert!(list(Some("delivery"), Some(agent)).await.is_empty());
    }

    #[tokio::test]
    async fn another_workspace_sees_and_changes_no_article() {
        let fixture = Fixture::new().await;
        let store = &fixture.store;
        let article = fixture.article("Delivery", "By bicycle").await;
        let other = fixture.other_workspace().await;
        assert!(store.articles(other, None, None).await.unwrap().is_empty());
        assert!(store.article(other, article).await.unwrap().is_none());
        assert!(store.article_summary(other, article).await.unwrap().is_none());
        for source in [
            ArticleSource::Text("x".to_owned()),
            ArticleSource::File { name: "x.txt".to_owned(), bytes: b"x".to_vec() },
        ] {
            let replaced = store.replace_article(other, article, source, NOW).await;
            assert!(replaced.unwrap().is_none());
        }
        assert!(store.retry_article(other, article, NOW).await.unwrap().is_none());
        assert!(!store.delete_article(other, article).await.unwrap());
        let detail = store.article(fixture.workspace, article).await.unwrap().unwrap();
        assert_eq!((detail.content.as_str(), detail.article.passages), ("By bicycle", 1));
        assert_eq!(detail.article.status, ArticleStatus::Ready);
    }
}
