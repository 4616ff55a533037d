//! Agents: model, instruction and knowledge.

mod edit;

use cavuer_protocol::values::AgentSettings;
use cavuer_protocol::{AgentId, ArticleId, ChannelId, Timestamp, WorkspaceId};

use crate::sql::{Lock, Row, Sql, params, word};
use crate::{Store, StoreError, channels};

pub use edit::AgentEdit;

/// Makes of the table of settings everything that has to name them all: the columns, the reader,
/// and what writes them.
macro_rules! settings {
    ($first:ident: $first_kind:ident, $($setting:ident: $kind:ident),+ $(,)?) => {
        /// [`SETTINGS`] for statements that are put together when compiling.
        macro_rules! setting_columns {
            () => {
                concat!($("agent.", stringify!($setting), ", ",)+ "agent.", stringify!($first))
            };
        }

        /// What an owner decided, from a row that has [`SETTINGS`].
        pub(crate) fn settings(row: &mut Row) -> Result<AgentSettings, StoreError> {
            Ok(AgentSettings {
                $($setting: settings!(read $kind, row, $setting),)+
                $first: settings!(read $first_kind, row, $first),
            })
        }

        fn insert(sql: &dyn Sql, agent: &AgentRecord) -> Result<(), StoreError> {
            const INSERT: &str = concat!(
                "INSERT INTO agent (",
                $(stringify!($setting), ", ",)+ stringify!($first), ", id, workspace_id, created_at",
                ") VALUES (",
                $(settings!(place $setting), ", ",)+ settings!(place $first), ", ?, ?, ?",
                ")"
            );
            let AgentRecord { id, workspace, settings, created_at } = agent;
            sql.execute(
                INSERT,
                params![
                    $(settings!(kept $kind, settings.$setting),)+
                    settings!(kept $first_kind, settings.$first),
                    id,
                    workspace,
                    created_at
                ],
            )?;
            Ok(())
        }

        fn save(sql: &dyn Sql, id: AgentId, settings: &AgentSettings) -> Result<(), StoreError> {
            const UPDATE: &str = concat!(
                "UPDATE agent SET ",
                $(stringify!($setting), " = ?, ",)+ stringify!($first), " = ?",
                " WHERE id = ?"
            );
            sql.execute(
                UPDATE,
                params![
                    $(settings!(kept $kind, settings.$setting),)+
                    settings!(kept $first_kind, settings.$first),
                    id
                ],
            )?;
            Ok(())
        }
    };
    (place $setting:ident) => { "?" };
    (read plain, $row:ident, $setting:ident) => { $row.get(stringify!($setting))? };
    (read word, $row:ident, $setting:ident) => { $row.word(stringify!($setting))? };
    (kept plain, $value:expr) => { $value };
    (kept word, $value:expr) => { word::of(&$value)? };
}

// What an owner decides: a line for each setting, whose field and column have the same name, and
// whether the column holds it plainly or as the word of a choice. A new one takes a line here, its
// field, and a migration that adds the column.
settings! {
    name: plain,
    model: plain,
    fallback_model: plain,
    instruction: plain,
    temperature: plain,
    answer_length: word,
    answer_language: plain,
    max_passages: plain,
    show_citations: plain,
    history_messages: plain,
    process_images: plain,
    process_audio: plain,
    speech_model: plain,
    response_delay: plain,
    longest_delay: plain,
    mid_answer: word,
    retention_days: plain,
}

/// The columns that [`settings()`] reads.
pub(crate) const SETTINGS: &str = setting_columns!();

/// An agent's own row: what it takes to answer.
#[derive(Clone, Debug, PartialEq)]
pub struct AgentRecord {
    /// Made by whoever creates it.
    pub id: AgentId,
    /// Whose articles it may be linked to.
    pub workspace: WorkspaceId,
    /// What its owner decides; it was checked before.
    pub settings: AgentSettings,
    /// Its place in lists, which have the oldest first.
    pub created_at: Timestamp,
}

/// An agent with what it is linked to.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkedAgent {
    /// Names it everywhere.
    pub id: AgentId,
    /// What its owner decides.
    pub settings: AgentSettings,
    /// The articles that it may use.
    pub articles: Vec<ArticleId>,
    /// Oldest first.
    pub channels: Vec<AgentChannel>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A channel as its agent's owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentChannel {
    /// Names it everywhere.
    pub id: ChannelId,
    /// As its owner calls it.
    pub name: String,
    /// Whether visitors can meet the agent there.
    pub enabled: bool,
    /// `None` where the channel's kind knows no domains.
    pub allowed_domains: Option<Vec<String>>,
}

/// What became of an [`AgentEdit`].
#[derive(Clone, Debug, PartialEq)]
pub enum AgentUpdate {
    /// It is this now, or would be.
    Updated(Box<LinkedAgent>),
    /// The workspace has no such agent.
    NotFound,
    /// These places in the list of articles name none of the workspace's. Nothing was changed.
    UnknownArticles(Vec<usize>),
}

impl Store {
    /// The agents of a workspace with their channels, oldest first.
    pub async fn agents(&self, workspace: WorkspaceId) -> Result<Vec<LinkedAgent>, StoreError> {
        self.database
            .read(move |sql| {
                let records = sql.rows(
                    concat!(
                        "SELECT agent.id, agent.workspace_id, agent.created_at, ",
                        setting_columns!(),
                        " FROM agent WHERE agent.workspace_id = ?1
                         ORDER BY agent.created_at, agent.id"
                    ),
                    params![workspace],
                    record,
                )?;
                records.into_iter().map(|record| complete(sql, record)).collect()
            })
            .await
    }

    /// One agent of a workspace with its channels.
    pub async fn agent(
        &self,
        workspace: WorkspaceId,
        id: AgentId,
    ) -> Result<Option<LinkedAgent>, StoreError> {
        self.database
            .read(move |sql| {
                let record = by_id(sql, workspace, id)?;
                record.map(|record| complete(sql, record)).transpose()
            })
            .await
    }

    /// One agent of a workspace, without its channels and articles.
    pub async fn agent_record(
        &self,
        workspace: WorkspaceId,
        id: AgentId,
    ) -> Result<Option<AgentRecord>, StoreError> {
        self.database.read(move |sql| by_id(sql, workspace, id)).await
    }

    /// Stores an agent.
    pub async fn create_agent(&self, agent: AgentRecord) -> Result<LinkedAgent, StoreError> {
        self.database
            .write(move |sql| {
                insert(sql, &agent)?;
                complete(sql, agent)
            })
            .await
    }

    /// What an agent would be after an edit, which is not made. The articles are those that it
    /// would be linked to.
    pub async fn agent_if_changed(
        &self,
        workspace: WorkspaceId,
        id: AgentId,
        edit: AgentEdit,
    ) -> Result<AgentUpdate, StoreError> {
        self.database.read(move |sql| changed(sql, workspace, id, edit)).await
    }

    /// Does what `edit` says, all or nothing.
    pub async fn update_agent(
        &self,
        workspace: WorkspaceId,
        id: AgentId,
        edit: AgentEdit,
    ) -> Result<AgentUpdate, StoreError> {
        self.database.write(move |sql| update(sql, workspace, id, edit)).await
    }

    /// Deletes an agent with its channels and their conversations; articles stay.
    /// `false` if there is no such agent.
    pub async fn delete_agent(
        &self,
        workspace: WorkspaceId,
        id: AgentId,
    ) -> Result<bool, StoreError> {
        self.database
            .write(move |sql| {
                sql.lock(Lock::Workspace(workspace))?;
                if by_id(sql, workspace, id)?.is_none() {
                    return Ok(false);
                }
                let channels = channels_of(sql, id)?.into_iter().map(|channel| channel.id);
                channels::lock_content(sql, channels.collect())?;
                sql.execute("DELETE FROM agent WHERE id = ?1", params![id])?;
                Ok(true)
            })
            .await
    }
}

/// One agent of a workspace, inside a transaction of somebody else's.
pub(crate) fn by_id(
    sql: &dyn Sql,
    workspace: WorkspaceId,
    id: AgentId,
) -> Result<Option<AgentRecord>, StoreError> {
    sql.row(
        concat!(
            "SELECT agent.id, agent.workspace_id, agent.created_at, ",
            setting_columns!(),
            " FROM agent WHERE agent.workspace_id = ?1 AND agent.id = ?2"
        ),
        params![workspace, id],
        record,
    )
}

fn record(row: &mut Row) -> Result<AgentRecord, StoreError> {
    Ok(AgentRecord {
        id: row.get("id")?,
        workspace: row.get("workspace_id")?,
        settings: settings(row)?,
        created_at: row.get("created_at")?,
    })
}

/// Adds what other tables say about an agent.
fn complete(sql: &dyn Sql, record: AgentRecord) -> Result<LinkedAgent, StoreError> {
    let AgentRecord { id, workspace: _, settings, created_at } = record;
    let (articles, channels) = (articles_of(sql, id)?, channels_of(sql, id)?);
    Ok(LinkedAgent { id, settings, articles, channels, created_at })
}

fn articles_of(sql: &dyn Sql, agent: AgentId) -> Result<Vec<ArticleId>, StoreError> {
    sql.rows(
        "SELECT article_id FROM agent_article WHERE agent_id = ?1 ORDER BY article_id",
        params![agent],
        Row::first,
    )
}

fn channels_of(sql: &dyn Sql, agent: AgentId) -> Result<Vec<AgentChannel>, StoreError> {
    sql.rows(
        "SELECT channel.id, channel.name, channel.enabled, widget_channel.allowed_domains
         FROM channel LEFT JOIN widget_channel ON widget_channel.channel_id = channel.id
         WHERE channel.agent_id = ?1 ORDER BY channel.created_at, channel.id",
        params![agent],
        |row| {
            Ok(AgentChannel {
                id: row.get("id")?,
                name: row.get("name")?,
                enabled: row.get("enabled")?,
                allowed_domains: row.optional_json("allowed_domains")?,
            })
        },
    )
}

fn changed(
    sql: &dyn Sql,
    workspace: WorkspaceId,
    id: AgentId,
    AgentEdit { settings, articles }: AgentEdit,
) -> Result<AgentUpdate, StoreError> {
    let Some(mut agent) = by_id(sql, workspace, id)? else { return Ok(AgentUpdate::NotFound) };
    let unknown = match &articles {
        Some(articles) => unknown_articles(sql, workspace, articles)?,
        None => Vec::new(),
    };
    if !unknown.is_empty() {
        return Ok(AgentUpdate::UnknownArticles(unknown));
    }
    settings(&mut agent.settings);
    let mut agent = complete(sql, agent)?;
    agent.articles = articles.unwrap_or(agent.articles);
    Ok(AgentUpdate::Updated(Box::new(agent)))
}

fn update(
    sql: &dyn Sql,
    workspace: WorkspaceId,
    id: AgentId,
    AgentEdit { settings, articles }: AgentEdit,
) -> Result<AgentUpdate, StoreError> {
    // Also against the deletion of an article that is being linked.
    sql.lock(Lock::Workspace(workspace))?;
    let Some(mut agent) = by_id(sql, workspace, id)? else { return Ok(AgentUpdate::NotFound) };
    if let Some(articles) = &articles {
        let unknown = unknown_articles(sql, workspace, articles)?;
        if !unknown.is_empty() {
            return Ok(AgentUpdate::UnknownArticles(unknown));
        }
        link(sql, id, articles)?;
    }
    settings(&mut agent.settings);
    save(sql, id, &agent.settings)?;
    Ok(AgentUpdate::Updated(Box::new(complete(sql, agent)?)))
}

fn unknown_articles(
    sql: &dyn Sql,
    workspace: WorkspaceId,
    articles: &[ArticleId],
) -> Result<Vec<usize>, StoreError> {
    let mut unknown = Vec::new();
    for (place, article) in articles.iter().enumerate() {
        let is_known: bool = sql.only_value(
            "SELECT EXISTS (SELECT 1 FROM article
                 JOIN article_state ON article_state.article_id = article.id
                 WHERE article.workspace_id = ?1 AND article.id = ?2
                     AND article_state.state <> 'deleted')",
            params![workspace, article],
        )?;
        if !is_known {
            unknown.push(place);
        }
    }
    Ok(unknown)
}

/// Makes exactly these articles the agent's knowledge.
fn link(sql: &dyn Sql, agent: AgentId, articles: &[ArticleId]) -> Result<(), StoreError> {
    sql.execute("DELETE FROM agent_article WHERE agent_id = ?1", params![agent])?;
    for article in articles {
        sql.execute(
            "INSERT INTO agent_article (agent_id, article_id) VALUES (?1, ?2)
             ON CONFLICT DO NOTHING",
            params![agent, article],
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
