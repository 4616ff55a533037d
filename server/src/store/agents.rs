//! Agents: model, instruction and knowledge.

use cavuer_protocol::console::{Agent, AgentChanges, ChannelSummary};
use cavuer_protocol::{AgentId, ArticleId, ChannelId, Timestamp, WorkspaceId};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Store, StoreError, channels, row};

const COLUMNS: &str = "id, workspace_id, name, model, instruction, temperature, response_delay,
                       max_passages, created_at";

/// An agent's own settings: what it takes to answer.
#[derive(Clone, Debug, PartialEq)]
pub struct AgentRecord {
    pub id: AgentId,
    pub workspace: WorkspaceId,
    pub name: String,
    pub model: String,
    pub instruction: String,
    /// 0 to 1.
    pub temperature: f64,
    /// Seconds.
    pub response_delay: u32,
    pub max_passages: u32,
    pub created_at: Timestamp,
}

/// What became of changes to an agent.
#[derive(Clone, Debug, PartialEq)]
pub enum AgentUpdate {
    Updated(Agent),
    NotFound,
    /// These places in the list of articles name none of the workspace's. Nothing was changed.
    UnknownArticles(Vec<usize>),
}

impl AgentRecord {
    /// An agent as it is before anybody has set anything up.
    pub fn new(
        id: AgentId,
        workspace: WorkspaceId,
        name: String,
        model: String,
        created_at: Timestamp,
    ) -> Self {
        Self {
            id,
            workspace,
            name,
            model,
            instruction: String::new(),
            temperature: 0.5,
            response_delay: 0,
            max_passages: 5,
            created_at,
        }
    }
}

impl Store {
    /// The agents of a workspace with their channels, oldest first.
    pub async fn agents(&self, workspace: WorkspaceId) -> Result<Vec<Agent>, StoreError> {
        self.pool
            .read(move |conn| {
                let sql = format!(
                    "SELECT {COLUMNS} FROM agent WHERE workspace_id = ?1 ORDER BY created_at, id"
                );
                let mut statement = conn.prepare_cached(&sql)?;
                let records = statement.query_map([workspace.0], record)?;
                let agents = records.map(|record| complete(conn, record?));
                Ok(agents.collect::<Result<_, _>>()?)
            })
            .await
    }

    /// One agent of a workspace with its channels.
    pub async fn agent(
        &self,
        workspace: WorkspaceId,
        id: AgentId,
    ) -> Result<Option<Agent>, StoreError> {
        self.pool
            .read(move |conn| {
                let record = by_id(conn, workspace, id)?;
                Ok(record.map(|record| complete(conn, record)).transpose()?)
            })
            .await
    }

    /// One agent of a workspace, without its channels and articles.
    pub async fn agent_record(
        &self,
        workspace: WorkspaceId,
        id: AgentId,
    ) -> Result<Option<AgentRecord>, StoreError> {
        self.pool.read(move |conn| Ok(by_id(conn, workspace, id)?)).await
    }

    /// Stores an agent.
    pub async fn create_agent(&self, agent: AgentRecord) -> Result<Agent, StoreError> {
        self.pool
            .write(move |conn| {
                insert(conn, &agent)?;
                Ok(complete(conn, agent)?)
            })
            .await
    }

    /// Changes what `changes` names; its content has been checked before, except that the
    /// articles exist.
    pub async fn update_agent(
        &self,
        workspace: WorkspaceId,
        id: AgentId,
        changes: AgentChanges,
    ) -> Result<AgentUpdate, StoreError> {
        self.pool.write(move |conn| Ok(update(conn, workspace, id, changes)?)).await
    }

    /// Deletes an agent with its channels and their conversations; articles stay.
    /// `false` if there is no such agent.
    pub async fn delete_agent(
        &self,
        workspace: WorkspaceId,
        id: AgentId,
    ) -> Result<bool, StoreError> {
        self.pool
            .write(move |conn| {
                let sql = "DELETE FROM agent WHERE workspace_id = ?1 AND id = ?2";
                Ok(conn.execute(sql, params![workspace.0, id.0])? > 0)
            })
            .await
    }
}

/// One agent of a workspace, inside a transaction of somebody else's.
pub(super) fn by_id(
    conn: &Connection,
    workspace: WorkspaceId,
    id: AgentId,
) -> rusqlite::Result<Option<AgentRecord>> {
    let sql = format!("SELECT {COLUMNS} FROM agent WHERE workspace_id = ?1 AND id = ?2");
    conn.prepare_cached(&sql)?.query_row(params![workspace.0, id.0], record).optional()
}

fn record(row: &Row<'_>) -> rusqlite::Result<AgentRecord> {
    Ok(AgentRecord {
        id: row::id(row, 0, AgentId)?,
        workspace: row::id(row, 1, WorkspaceId)?,
        name: row.get(2)?,
        model: row.get(3)?,
        instruction: row.get(4)?,
        temperature: row.get(5)?,
        response_delay: row.get(6)?,
        max_passages: row.get(7)?,
        created_at: row::timestamp(row, 8)?,
    })
}

/// Adds what other tables say about an agent.
fn complete(conn: &Connection, record: AgentRecord) -> rusqlite::Result<Agent> {
    let AgentRecord {
        id,
        workspace: _,
        name,
        model,
        instruction,
        temperature,
        response_delay,
        max_passages,
        created_at,
    } = record;
    let (articles, channels) = (articles_of(conn, id)?, channels_of(conn, id)?);
    Ok(Agent {
        id,
        name,
        model,
        instruction,
        temperature,
        response_delay,
        max_passages,
        articles,
        channels,
        created_at,
    })
}

fn articles_of(conn: &Connection, agent: AgentId) -> rusqlite::Result<Vec<ArticleId>> {
    let sql = "SELECT article_id FROM agent_article WHERE agent_id = ?1 ORDER BY article_id";
    let mut statement = conn.prepare_cached(sql)?;
    statement.query_map([agent.0], |row| row::id(row, 0, ArticleId))?.collect()
}

fn channels_of(conn: &Connection, agent: AgentId) -> rusqlite::Result<Vec<ChannelSummary>> {
    let sql = "SELECT id, name, enabled, allowed_domains FROM channel
               WHERE agent_id = ?1 ORDER BY created_at, id";
    let mut statement = conn.prepare_cached(sql)?;
    let summaries = statement.query_map([agent.0], |row| {
        let enabled = row.get(2)?;
        Ok(ChannelSummary {
            id: row::id(row, 0, ChannelId)?,
            name: row.get(1)?,
            enabled,
            warning: channels::warning(enabled, &channels::read_domains(row, 3)?),
        })
    })?;
    summaries.collect()
}

fn insert(conn: &Connection, agent: &AgentRecord) -> rusqlite::Result<()> {
    conn.execute(
        "INSERT INTO agent (id, workspace_id, name, model, instruction, temperature,
                            response_delay, max_passages, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            agent.id.0,
            agent.workspace.0,
            agent.name,
            agent.model,
            agent.instruction,
            agent.temperature,
            agent.response_delay,
            agent.max_passages,
            agent.created_at.0,
        ],
    )?;
    Ok(())
}

fn update(
    conn: &Connection,
    workspace: WorkspaceId,
    id: AgentId,
    changes: AgentChanges,
) -> rusqlite::Result<AgentUpdate> {
    let Some(mut agent) = by_id(conn, workspace, id)? else { return Ok(AgentUpdate::NotFound) };
    if let Some(articles) = &changes.articles {
        let unknown = unknown_articles(conn, workspace, articles)?;
        if !unknown.is_empty() {
            return Ok(AgentUpdate::UnknownArticles(unknown));
        }
        link(conn, id, articles)?;
    }
    apply(&mut agent, changes);
    conn.execute(
        "UPDATE agent
         SET name = ?2, model = ?3, instruction = ?4, temperature = ?5, response_delay = ?6,
             max_passages = ?7
         WHERE id = ?1",
        params![
            agent.id.0,
            agent.name,
            agent.model,
            agent.instruction,
            agent.temperature,
            agent.response_delay,
            agent.max_passages,
        ],
    )?;
    Ok(AgentUpdate::Updated(complete(conn, agent)?))
}

fn apply(agent: &mut AgentRecord, changes: AgentChanges) {
    let AgentChanges {
        name,
        model,
        instruction,
        temperature,
        response_delay,
        max_passages,
        articles: _,
    } = changes;
    row::set(&mut agent.name, name);
    row::set(&mut agent.model, model);
    row::set(&mut agent.instruction, instruction);
    row::set(&mut agent.temperature, temperature);
    row::set(&mut agent.response_delay, response_delay);
    row::set(&mut agent.max_passages, max_passages);
}

fn unknown_articles(
    conn: &Connection,
    workspace: WorkspaceId,
    articles: &[ArticleId],
) -> rusqlite::Result<Vec<usize>> {
    let sql = "SELECT 1 FROM article WHERE workspace_id = ?1 AND id = ?2";
    let mut statement = conn.prepare_cached(sql)?;
    let mut unknown = Vec::new();
    for (place, article) in articles.iter().enumerate() {
        if !statement.exists(params![workspace.0, article.0])? {
            unknown.push(place);
        }
    }
    Ok(unknown)
}

/// Makes exactly these articles the agent's knowledge.
fn link(conn: &Connection, agent: AgentId, articles: &[ArticleId]) -> rusqlite::Result<()> {
    conn.execute("DELETE FROM agent_article WHERE agent_id = ?1", [agent.0])?;
    let sql = "INSERT OR IGNORE INTO agent_article (agent_id, article_id) VALUES (?1, ?2)";
    let mut statement = conn.prepare_cached(sql)?;
    for article in articles {
        statement.execute(params![agent.0, article.0])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, NOW};
    use super::*;

    #[tokio::test]
    async fn a_new_agent_has_the_usual_settings() {
        let fixture = Fixture::new().await;
        let id = fixture.agent().await;
        let agent = fixture.store.agent(fixture.workspace, id).await.unwrap().unwrap();
        assert_eq!((agent.temperature, agent.response_delay, agent.max_passages), (0.5, 0, 5));
    }

    #[tokio::test]
    async fn changes_leave_the_rest_as_it_is() {
        let fixture = Fixture::new().await;
        let id = fixture.agent().await;
        let article = fixture.article("Prices", "Tea costs four euros").await;
        let articles = AgentChanges { articles: Some(vec![article; 2]), ..Default::default() };
        fixture.store.update_agent(fixture.workspace, id, articles).await.unwrap();
        let name = AgentChanges { name: Some("Bea".to_owned()), ..Default::default() };
        let update = fixture.store.update_agent(fixture.workspace, id, name).await.unwrap();
        let AgentUpdate::Updated(agent) = update else { panic!("{update:?}") };
        assert_eq!((agent.name.as_str(), agent.model.as_str()), ("Bea", "built-in"));
        assert_eq!(agent.articles, [article]);
    }

    #[tokio::test]
    async fn an_article_that_is_not_the_workspace_s_changes_nothing() {
        let fixture = Fixture::new().await;
        let id = fixture.agent().await;
        let mine = fixture.article("Prices", "Tea").await;
        let foreign = fixture.random.id(NOW, ArticleId::from_parts);
        let changes = AgentChanges {
            name: Some("Bea".to_owned()),
            articles: Some(vec![mine, foreign]),
            ..Default::default()
        };
        let update = fixture.store.update_agent(fixture.workspace, id, changes).await.unwrap();
        assert_eq!(update, AgentUpdate::UnknownArticles(vec![1]));
        let agent = fixture.store.agent(fixture.workspace, id).await.unwrap().unwrap();
        assert_eq!((agent.name.as_str(), agent.articles.len()), ("Ada", 0));
    }

    #[tokio::test]
    async fn another_workspace_sees_and_changes_no_agent() {
        let fixture = Fixture::new().await;
        let store = &fixture.store;
        let (id, other) = (fixture.agent().await, fixture.other_workspace().await);
        assert!(store.agents(other).await.unwrap().is_empty());
        assert!(store.agent(other, id).await.unwrap().is_none());
        let update = store.update_agent(other, id, AgentChanges::default()).await.unwrap();
        assert_eq!(update, AgentUpdate::NotFound);
        assert!(!store.delete_agent(other, id).await.unwrap());
        assert!(store.agent(fixture.workspace, id).await.unwrap().is_some());
    }

    #[tokio::test]
    async fn with_an_agent_go_its_channels_and_their_conversations_but_no_article() {
        let fixture = Fixture::new().await;
        let id = fixture.agent().await;
        let channel = fixture.channel(id).await;
        let article = fixture.article("Prices", "Tea").await;
        let articles = AgentChanges { articles: Some(vec![article]), ..Default::default() };
        fixture.store.update_agent(fixture.workspace, id, articles).await.unwrap();
        fixture.message(&channel, "v_1", "Hello", NOW).await;

        assert!(fixture.store.delete_agent(fixture.workspace, id).await.unwrap());
        let left = "SELECT (SELECT count(*) FROM channel) + (SELECT count(*) FROM visitor)
                         + (SELECT count(*) FROM conversation) + (SELECT count(*) FROM message)
                         + (SELECT count(*) FROM turn) + (SELECT count(*) FROM agent_article)";
        assert_eq!(fixture.count(left).await, 0);
        assert!(fixture.store.article(fixture.workspace, article).await.unwrap().is_some());
    }
}
