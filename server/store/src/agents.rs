//! Agents: model, instruction and knowledge.

use cavuer_protocol::console::{Agent, AgentChanges, AgentSettings, ChannelSummary};
use cavuer_protocol::{AgentId, ArticleId, ChannelId, Notice, Timestamp, WorkspaceId};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Store, StoreError, channels, row};

/// The columns that [`settings`] reads, in its order.
pub(crate) const SETTINGS: &str = "agent.name, agent.model, agent.fallback_model,
    agent.instruction, agent.temperature, agent.answer_length, agent.answer_language,
    agent.max_passages, agent.show_citations, agent.history_messages, agent.process_images,
    agent.process_audio, agent.response_delay, agent.longest_delay, agent.mid_answer,
    agent.retention_days, agent.speech_model";

/// An agent's own row: what it takes to answer.
#[derive(Clone, Debug, PartialEq)]
pub struct AgentRecord {
    pub id: AgentId,
    pub workspace: WorkspaceId,
    pub settings: AgentSettings,
    pub created_at: Timestamp,
}

/// What became of changes to an agent.
#[derive(Clone, Debug, PartialEq)]
pub enum AgentUpdate {
    Updated(Box<Agent>),
    NotFound,
    /// These places in the list of articles name none of the workspace's. Nothing was changed.
    UnknownArticles(Vec<usize>),
}

impl Store {
    /// The agents of a workspace with their channels, oldest first.
    pub async fn agents(&self, workspace: WorkspaceId) -> Result<Vec<Agent>, StoreError> {
        self.pool
            .read(move |conn| {
                let sql = format!(
                    "SELECT id, workspace_id, created_at, {SETTINGS} FROM agent
                     WHERE workspace_id = ?1 ORDER BY created_at, id"
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

    /// What an agent would be after changes, which are not made. The articles are those that it
    /// would be linked to.
    pub async fn agent_if_changed(
        &self,
        workspace: WorkspaceId,
        id: AgentId,
        changes: AgentChanges,
    ) -> Result<AgentUpdate, StoreError> {
        self.pool.read(move |conn| Ok(changed(conn, workspace, id, changes)?)).await
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
pub(crate) fn by_id(
    conn: &Connection,
    workspace: WorkspaceId,
    id: AgentId,
) -> rusqlite::Result<Option<AgentRecord>> {
    let sql = format!(
        "SELECT id, workspace_id, created_at, {SETTINGS} FROM agent
         WHERE workspace_id = ?1 AND id = ?2"
    );
    conn.prepare_cached(&sql)?.query_row(params![workspace.0, id.0], record).optional()
}

/// What an owner decided, from a row that has [`SETTINGS`] from the column `first` on.
pub(crate) fn settings(row: &Row<'_>, first: usize) -> rusqlite::Result<AgentSettings> {
    Ok(AgentSettings {
        name: row.get(first)?,
        model: row.get(first + 1)?,
        fallback_model: row.get(first + 2)?,
        instruction: row.get(first + 3)?,
        temperature: row.get(first + 4)?,
        answer_length: row::word(row, first + 5)?,
        answer_language: row.get(first + 6)?,
        max_passages: row.get(first + 7)?,
        show_citations: row.get(first + 8)?,
        history_messages: row.get(first + 9)?,
        process_images: row.get(first + 10)?,
        process_audio: row.get(first + 11)?,
        response_delay: row.get(first + 12)?,
        longest_delay: row.get(first + 13)?,
        mid_answer: row::word(row, first + 14)?,
        retention_days: row.get(first + 15)?,
        speech_model: row.get(first + 16)?,
    })
}

fn record(row: &Row<'_>) -> rusqlite::Result<AgentRecord> {
    Ok(AgentRecord {
        id: row::id(row, 0, AgentId)?,
        workspace: row::id(row, 1, WorkspaceId)?,
        created_at: row::timestamp(row, 2)?,
        settings: settings(row, 3)?,
    })
}

/// Adds what other tables say about an agent.
fn complete(conn: &Connection, record: AgentRecord) -> rusqlite::Result<Agent> {
    let AgentRecord { id, workspace: _, settings, created_at } = record;
    let (articles, channels) = (articles_of(conn, id)?, channels_of(conn, id)?);
    Ok(Agent { id, settings, articles, channels, created_at })
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
        let warning = channels::warning(enabled, &channels::read_domains(row, 3)?);
        let (warning, warning_notice) = Notice::told_if_any(warning);
        Ok(ChannelSummary {
            id: row::id(row, 0, ChannelId)?,
            name: row.get(1)?,
            enabled,
            warning,
            warning_notice,
        })
    })?;
    summaries.collect()
}

fn insert(conn: &Connection, agent: &AgentRecord) -> rusqlite::Result<()> {
    conn.execute(
        "INSERT INTO agent (id, workspace_id, name, model, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            agent.id.0,
            agent.workspace.0,
            agent.settings.name,
            agent.settings.model,
            agent.created_at.0,
        ],
    )?;
    save(conn, agent.id, &agent.settings)
}

fn save(conn: &Connection, id: AgentId, settings: &AgentSettings) -> rusqlite::Result<()> {
    conn.execute(
        "UPDATE agent
         SET name = ?2, model = ?3, fallback_model = ?4, instruction = ?5, temperature = ?6,
             answer_length = ?7, answer_language = ?8, max_passages = ?9, show_citations = ?10,
             history_messages = ?11, process_images = ?12, process_audio = ?13,
             response_delay = ?14, longest_delay = ?15, mid_answer = ?16, retention_days = ?17,
             speech_model = ?18
         WHERE id = ?1",
        params![
            id.0,
            settings.name,
            settings.model,
            settings.fallback_model,
            settings.instruction,
            settings.temperature,
            row::word_column(&settings.answer_length)?,
            settings.answer_language,
            settings.max_passages,
            settings.show_citations,
            settings.history_messages,
            settings.process_images,
            settings.process_audio,
            settings.response_delay,
            settings.longest_delay,
            row::word_column(&settings.mid_answer)?,
            settings.retention_days,
            settings.speech_model,
        ],
    )?;
    Ok(())
}

fn changed(
    conn: &Connection,
    workspace: WorkspaceId,
    id: AgentId,
    changes: AgentChanges,
) -> rusqlite::Result<AgentUpdate> {
    let Some(mut agent) = by_id(conn, workspace, id)? else { return Ok(AgentUpdate::NotFound) };
    let unknown = match &changes.articles {
        Some(articles) => unknown_articles(conn, workspace, articles)?,
        None => Vec::new(),
    };
    if !unknown.is_empty() {
        return Ok(AgentUpdate::UnknownArticles(unknown));
    }
    let articles = changes.articles.clone();
    agent.settings.apply(changes);
    let mut agent = complete(conn, agent)?;
    agent.articles = articles.unwrap_or(agent.articles);
    Ok(AgentUpdate::Updated(Box::new(agent)))
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
    agent.settings.apply(changes);
    save(conn, id, &agent.settings)?;
    Ok(AgentUpdate::Updated(Box::new(complete(conn, agent)?)))
}

fn unknown_articles(
    conn: &Connection,
    workspace: WorkspaceId,
    articles: &[ArticleId],
) -> rusqlite::Result<Vec<usize>> {
    let sql = "SELECT 1 FROM article
               JOIN article_state ON article_state.article_id = article.id
               WHERE article.workspace_id = ?1 AND article.id = ?2
                 AND article_state.state <> 'deleted'";
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
    use cavuer_protocol::console::{AnswerLength, MidAnswer};

    use super::*;
    use crate::fixture::{Fixture, NOW};

    #[tokio::test]
    async fn every_setting_is_kept() {
        let fixture = Fixture::new().await;
        let id = fixture.agent().await;
        let stored = async || fixture.store.agent(fixture.workspace, id).await.unwrap().unwrap();
        let usual = AgentSettings::new("Ada".to_owned(), "built-in".to_owned());
        assert_eq!(stored().await.settings, usual);
        // None of these is what a new agent has.
        let changes = AgentChanges {
            name: Some("Bea".to_owned()),
            model: Some("openai/one".to_owned()),
            fallback_model: Some(Some("openai/two".to_owned())),
            instruction: Some("Be kind.".to_owned()),
            temperature: Some(0.25),
            answer_length: Some(AnswerLength::Long),
            answer_language: Some(Some("de".to_owned())),
            max_passages: Some(6),
            show_citations: Some(false),
            history_messages: Some(7),
            process_images: Some(true),
            process_audio: Some(true),
            speech_model: Some(Some("openai/whisper-1".to_owned())),
            response_delay: Some(8),
            longest_delay: Some(9),
            mid_answer: Some(MidAnswer::Restart),
            retention_days: Some(10),
            articles: None,
        };
        let mut expected = usual;
        expected.apply(changes.clone());
        fixture.store.update_agent(fixture.workspace, id, changes).await.unwrap();
        assert_eq!(stored().await.settings, expected);
        let none = AgentChanges { fallback_model: Some(None), ..Default::default() };
        fixture.store.update_agent(fixture.workspace, id, none).await.unwrap();
        assert_eq!(stored().await.settings, AgentSettings { fallback_model: None, ..expected });
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
        assert_eq!(
            (agent.settings.name.as_str(), agent.settings.model.as_str()),
            ("Bea", "built-in")
        );
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
        assert_eq!((agent.settings.name.as_str(), agent.articles.len()), ("Ada", 0));
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
