//! Knowledge articles.

use cavuer_protocol::console::{Article, ArticleDetail};
use cavuer_protocol::{AgentId, ArticleId, Timestamp, WorkspaceId};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Store, StoreError, StoredPassage, fold, passages, row};

const COLUMNS: &str = "id, title, file_name, chars, updated_at,
                       (SELECT count(*) FROM passage WHERE article_id = article.id)";

/// An article ready to be stored.
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
    /// Stores an article with its passages.
    pub async fn create_article(&self, article: StoredArticle) -> Result<Article, StoreError> {
        self.pool.write(move |conn| Ok(create(conn, &article)?)).await
    }

    /// Puts other content, and the passages made from it, in the place of the old.
    /// `None` if there is no such article.
    pub async fn replace_article(
        &self,
        workspace: WorkspaceId,
        id: ArticleId,
        content: String,
        passages: Vec<StoredPassage>,
        now: Timestamp,
    ) -> Result<Option<Article>, StoreError> {
        self.pool
            .write(move |conn| {
                let changed = conn.execute(
                    "UPDATE article SET content = ?3, chars = ?4, updated_at = ?5
                     WHERE workspace_id = ?1 AND id = ?2",
                    params![workspace.0, id.0, content, chars(&content), now.0],
                )?;
                if changed == 0 {
                    return Ok(None);
                }
                conn.execute("DELETE FROM passage WHERE article_id = ?1", [id.0])?;
                passages::insert(conn, id, 1, 0, &passages)?;
                Ok(by_id(conn, workspace, id)?)
            })
            .await
    }

    /// Deletes an article with its passages. `false` if there is no such article.
    pub async fn delete_article(
        &self,
        workspace: WorkspaceId,
        id: ArticleId,
    ) -> Result<bool, StoreError> {
        self.pool
            .write(move |conn| {
                let sql = "DELETE FROM article WHERE workspace_id = ?1 AND id = ?2";
                Ok(conn.execute(sql, params![workspace.0, id.0])? > 0)
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
                let sql = format!("SELECT {COLUMNS} FROM article WHERE workspace_id = ?1");
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

    /// An article's title, which never changes.
    pub async fn article_title(
        &self,
        workspace: WorkspaceId,
        id: ArticleId,
    ) -> Result<Option<String>, StoreError> {
        self.pool
            .read(move |conn| {
                let sql = "SELECT title FROM article WHERE workspace_id = ?1 AND id = ?2";
                let mut statement = conn.prepare_cached(sql)?;
                Ok(statement.query_row(params![workspace.0, id.0], |row| row.get(0)).optional()?)
            })
            .await
    }
}

fn create(conn: &Connection, article: &StoredArticle) -> rusqlite::Result<Article> {
    let StoredArticle { id, workspace, title, file_name, content, passages: parts, created_at } =
        article;
    conn.execute(
        "INSERT INTO article
             (id, workspace_id, title, file_name, content, chars, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
        params![id.0, workspace.0, title, file_name, content, chars(content), created_at.0],
    )?;
    conn.execute(
        "INSERT INTO article_state (article_id, revision, live_revision, state, queued_at)
         VALUES (?1, 1, 1, 'ready', ?2)",
        params![id.0, created_at.0],
    )?;
    passages::insert(conn, *id, 1, 0, parts)?;
    Ok(Article {
        id: *id,
        title: title.clone(),
        file_name: file_name.clone(),
        chars: chars(content).unsigned_abs(),
        passages: u32::try_from(parts.len()).unwrap_or(u32::MAX),
        updated_at: *created_at,
        agents: Vec::new(),
    })
}

fn by_id(
    conn: &Connection,
    workspace: WorkspaceId,
    id: ArticleId,
) -> rusqlite::Result<Option<Article>> {
    let sql = format!("SELECT {COLUMNS} FROM article WHERE workspace_id = ?1 AND id = ?2");
    let mut statement = conn.prepare_cached(&sql)?;
    let found = statement.query_row(params![workspace.0, id.0], article).optional()?;
    found.map(|article| complete(conn, article)).transpose()
}

/// An article without its agents.
fn article(row: &Row<'_>) -> rusqlite::Result<Article> {
    Ok(Article {
        id: row::id(row, 0, ArticleId)?,
        title: row.get(1)?,
        file_name: row.get(2)?,
        chars: row.get::<_, i64>(3)?.unsigned_abs(),
        updated_at: row::timestamp(row, 4)?,
        passages: row.get(5)?,
        agents: Vec::new(),
    })
}

/// Adds which agents may use an article.
fn complete(conn: &Connection, mut article: Article) -> rusqlite::Result<Article> {
    let sql = "SELECT agent_id FROM agent_article WHERE article_id = ?1 ORDER BY agent_id";
    let mut statement = conn.prepare_cached(sql)?;
    let agents = statement.query_map([article.id.0], |row| row::id(row, 0, AgentId))?;
    article.agents = agents.collect::<Result<_, _>>()?;
    Ok(article)
}

fn chars(content: &str) -> i64 {
    i64::try_from(content.chars().count()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, NOW, link, passage, titles};

    #[tokio::test]
    async fn the_index_follows_every_change() {
        let fixture = Fixture::new().await;
        let (store, workspace) = (&fixture.store, fixture.workspace);
        let agent = fixture.agent().await;
        let article = fixture.article("Delivery", "By bicycle").await;
        let other = fixture.article("Returns", "Within thirty days").await;
        link(&fixture, agent, vec![article, other]).await;
        fixture.check_index().await;

        let passages = vec![passage("Delivery", "By train"), passage("Delivery", "By ship")];
        let content = "By train. By ship.".to_owned();
        let later = NOW.plus_millis(1);
        let replaced = store.replace_article(workspace, article, content, passages, later).await;
        let replaced = replaced.unwrap().unwrap();
        assert_eq!((replaced.passages, replaced.chars, replaced.updated_at), (2, 18, later));
        assert_eq!(replaced.agents, [agent]);
        fixture.check_index().await;
        assert!(titles(&fixture, agent, "bicycl").await.is_empty());
        assert_eq!(titles(&fixture, agent, "ship").await, ["Delivery"]);

        assert!(store.delete_article(workspace, article).await.unwrap());
        fixture.check_index().await;
        assert!(titles(&fixture, agent, "ship").await.is_empty());
        assert_eq!(titles(&fixture, agent, "day").await, ["Returns"]);
    }

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
        assert!(store.article_title(other, article).await.unwrap().is_none());
        let replaced = store.replace_article(other, article, "x".to_owned(), vec![], NOW).await;
        assert!(replaced.unwrap().is_none());
        assert!(!store.delete_article(other, article).await.unwrap());
        let detail = store.article(fixture.workspace, article).await.unwrap().unwrap();
        assert_eq!((detail.content.as_str(), detail.article.passages), ("By bicycle", 1));
    }
}
