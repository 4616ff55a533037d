//! Which passages an agent may use.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use cavuer_protocol::{AgentId, ArticleId};
use cavuer_text::index::{Batch, Scope};
use cavuer_text::language::LanguageSet;
use rusqlite::{Connection, OptionalExtension, Params, Row, params};

/// Agents whose scope is kept in memory; about 100 bytes for each batch of passages.
const MAX_KEPT: usize = 256;

/// What is looked through for a question.
#[derive(Clone, Debug)]
pub enum Searched {
    /// The articles that are linked to an agent.
    Agent(AgentId),
    /// These articles of the agent's workspace, whether or not they are linked to it.
    Articles(AgentId, Vec<ArticleId>),
}

impl From<AgentId> for Searched {
    fn from(agent: AgentId) -> Self {
        Self::Agent(agent)
    }
}

/// The scopes of the agents that were asked last, each with the version of its workspace.
#[derive(Default)]
pub(crate) struct Scopes(Mutex<HashMap<AgentId, Kept>>);

struct Kept {
    space: i64,
    version: i64,
    scope: Arc<Scope>,
}

impl Scopes {
    /// What is to be searched and the number of its workspace's space; `None` if the workspace has
    /// never had a passage.
    pub(crate) fn of(
        &self,
        conn: &Connection,
        searched: &Searched,
    ) -> rusqlite::Result<Option<(i64, Arc<Scope>)>> {
        let (Searched::Agent(agent) | Searched::Articles(agent, _)) = *searched;
        let Some((space, version)) = space_of(conn, agent)? else { return Ok(None) };
        if let Searched::Articles(_, articles) = searched {
            let scope = of_articles(conn, agent, articles)?;
            return Ok(Some((space, Arc::new(scope))));
        }
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = lock().get(&agent)
            && (kept.space, kept.version) == (space, version)
        {
            return Ok(Some((space, Arc::clone(&kept.scope))));
        }
        let scope = Arc::new(of_agent(conn, agent)?);
        let mut kept = lock();
        if kept.len() >= MAX_KEPT {
            kept.clear();
        }
        kept.insert(agent, Kept { space, version, scope: Arc::clone(&scope) });
        Ok(Some((space, scope)))
    }
}

fn space_of(conn: &Connection, agent: AgentId) -> rusqlite::Result<Option<(i64, i64)>> {
    conn.prepare_cached(
        "SELECT search_space.id, search_space.version
         FROM agent JOIN search_space ON search_space.workspace_id = agent.workspace_id
         WHERE agent.id = ?1",
    )?
    .query_row([agent.0], |row| Ok((row.get(0)?, row.get(1)?)))
    .optional()
}

fn of_agent(conn: &Connection, agent: AgentId) -> rusqlite::Result<Scope> {
    let linked = "SELECT article_id FROM agent_article WHERE agent_id = ?1";
    read(conn, linked, params![agent.0])
}

fn of_articles(
    conn: &Connection,
    agent: AgentId,
    articles: &[ArticleId],
) -> rusqlite::Result<Scope> {
    let articles = articles.iter().map(|article| article.0.simple().to_string());
    let articles = articles.collect::<Vec<_>>().join(",");
    let chosen = "SELECT article.id FROM article
         JOIN agent ON agent.workspace_id = article.workspace_id
         WHERE agent.id = ?1 AND instr(?2, lower(hex(article.id))) > 0";
    read(conn, chosen, params![agent.0, articles])
}

/// The passages of the articles that a query yields.
fn read(conn: &Connection, articles: &str, values: impl Params) -> rusqlite::Result<Scope> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT search_batch.first, search_batch.passages, search_batch.words,
                search_batch.languages
         FROM article_state
         JOIN search_batch ON search_batch.article_id = article_state.article_id
                          AND search_batch.revision = article_state.live_revision
         WHERE article_state.article_id IN ({articles}) AND NOT search_batch.is_garbage
         ORDER BY search_batch.first",
    ))?;
    let batch = |row: &Row<'_>| {
        Ok(Batch {
            first: row.get(0)?,
            passages: row.get(1)?,
            words: row.get(2)?,
            languages: LanguageSet::from_bits(row.get::<_, i64>(3)?.cast_unsigned()),
        })
    };
    statement.query_map(values, batch)?.collect()
}
