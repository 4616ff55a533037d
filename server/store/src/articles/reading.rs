//! Articles as they are read, from their rows and those of their states.

use std::collections::HashMap;

use cavuer_protocol::{AgentId, ArticleId, Notice, WorkspaceId};

use super::{ArticleRecord, state};
use crate::sql::{Row, Sql, params};
use crate::{StoreError, fold};

/// What [`record`] reads.
const COLUMNS: &str = "article.id, article.title, article.file_name, article.chars,
                       article.updated_at, article_state.passages, article_state.state,
                       article_state.failure, article_state.notes";

/// Deleted articles are there until their passages have been cleared away.
const FROM: &str = "FROM article JOIN article_state ON article_state.article_id = article.id
                    AND article_state.state <> 'deleted'";

/// One article of a workspace, with the agents that may use it.
pub(crate) fn by_id(
    sql: &dyn Sql,
    workspace: WorkspaceId,
    id: ArticleId,
) -> Result<Option<ArticleRecord>, StoreError> {
    let statement =
        format!("SELECT {COLUMNS} {FROM} WHERE article.workspace_id = ?1 AND article.id = ?2");
    let Some(mut found) = sql.row(&statement, params![workspace, id], record)? else {
        return Ok(None);
    };
    found.agents = sql.rows(
        "SELECT agent_id FROM agent_article WHERE article_id = ?1 ORDER BY agent_id",
        params![id],
        Row::first,
    )?;
    Ok(Some(found))
}

/// The articles of a workspace whose title contains what is wanted, if anything, in no order.
pub(super) fn all(
    sql: &dyn Sql,
    workspace: WorkspaceId,
    wanted: Option<&fold::Needle>,
) -> Result<Vec<ArticleRecord>, StoreError> {
    let statement = format!("SELECT {COLUMNS} {FROM} WHERE article.workspace_id = ?1");
    let mut articles = sql.rows(&statement, params![workspace], record)?;
    articles.retain(|article| wanted.is_none_or(|wanted| wanted.is_in(&article.title)));
    let mut agents = agents_by_article(sql, workspace)?;
    for article in &mut articles {
        article.agents = agents.remove(&article.id).unwrap_or_default();
    }
    Ok(articles)
}

/// Which agents may use the articles of a workspace; those that nobody uses are left out.
fn agents_by_article(
    sql: &dyn Sql,
    workspace: WorkspaceId,
) -> Result<HashMap<ArticleId, Vec<AgentId>>, StoreError> {
    let links = sql.rows(
        "SELECT agent_article.article_id, agent_article.agent_id
         FROM article JOIN agent_article ON agent_article.article_id = article.id
         WHERE article.workspace_id = ?1 ORDER BY agent_article.agent_id",
        params![workspace],
        |row| Ok((row.get("article_id")?, row.get("agent_id")?)),
    )?;
    let mut agents: HashMap<ArticleId, Vec<AgentId>> = HashMap::new();
    for (article, agent) in links {
        agents.entry(article).or_default().push(agent);
    }
    Ok(agents)
}

/// An article from a row with [`COLUMNS`], without its agents.
fn record(row: &mut Row) -> Result<ArticleRecord, StoreError> {
    let notes: String = row.get("notes")?;
    Ok(ArticleRecord {
        id: row.get("id")?,
        title: row.get("title")?,
        file_name: row.get("file_name")?,
        chars: row.get("chars").map(i64::unsigned_abs)?,
        updated_at: row.get("updated_at")?,
        passages: row.get("passages")?,
        state: state::read(row)?,
        notes: notes.lines().map(Notice::from_stored).collect(),
        agents: Vec::new(),
    })
}
