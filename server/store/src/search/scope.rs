//! Which passages an agent may use.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use cavuer_protocol::{AgentId, ArticleId};
use cavuer_text::index::{Batch, Scope};
use cavuer_text::language::LanguageSet;

use crate::StoreError;
use crate::sql::{Row, Sql, list, params};

/// Agents whose scope is kept in memory; about 100 bytes for each batch of passages.
const MAX_KEPT: usize = 256;

/// Of articles that a search sees.
const LIVE_BATCHES: &str =
    "SELECT search_batch.first, search_batch.passages, search_batch.words, search_batch.languages
     FROM article_state
     JOIN search_batch ON search_batch.article_id = article_state.article_id
                      AND search_batch.revision = article_state.live_revision
                      AND NOT search_batch.is_garbage";

static OF_AGENT: LazyLock<String> = LazyLock::new(|| {
    format!(
        "{LIVE_BATCHES}
         WHERE article_state.article_id IN
             (SELECT article_id FROM agent_article WHERE agent_id = ?1)"
    )
});

static OF_ARTICLES: LazyLock<String> = LazyLock::new(|| {
    let articles = list::places(2);
    format!(
        "{LIVE_BATCHES}
         JOIN article ON article.id = article_state.article_id
         JOIN agent ON agent.workspace_id = article.workspace_id
         WHERE agent.id = ?1 AND article_state.article_id IN ({articles})"
    )
});

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
        sql: &dyn Sql,
        searched: &Searched,
    ) -> Result<Option<(i64, Arc<Scope>)>, StoreError> {
        let (Searched::Agent(agent) | Searched::Articles(agent, _)) = *searched;
        let Some((space, version)) = space_of(sql, agent)? else { return Ok(None) };
        if let Searched::Articles(_, articles) = searched {
            let scope = of_articles(sql, agent, articles)?;
            return Ok(Some((space, Arc::new(scope))));
        }
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = lock().get(&agent)
            && (kept.space, kept.version) == (space, version)
        {
            return Ok(Some((space, Arc::clone(&kept.scope))));
        }
        let scope = Arc::new(of_agent(sql, agent)?);
        let mut kept = lock();
        if kept.len() >= MAX_KEPT {
            kept.clear();
        }
        kept.insert(agent, Kept { space, version, scope: Arc::clone(&scope) });
        Ok(Some((space, scope)))
    }
}

fn space_of(sql: &dyn Sql, agent: AgentId) -> Result<Option<(i64, i64)>, StoreError> {
    sql.row(
        "SELECT search_space.id, search_space.version
         FROM agent JOIN search_space ON search_space.workspace_id = agent.workspace_id
         WHERE agent.id = ?1",
        params![agent],
        |row| Ok((row.get("id")?, row.get("version")?)),
    )
}

fn of_agent(sql: &dyn Sql, agent: AgentId) -> Result<Scope, StoreError> {
    Ok(scope(sql.rows(&OF_AGENT, params![agent], batch)?))
}

fn of_articles(sql: &dyn Sql, agent: AgentId, articles: &[ArticleId]) -> Result<Scope, StoreError> {
    let mut articles = articles.to_vec();
    articles.sort_unstable();
    articles.dedup();
    Ok(scope(list::rows(sql, &OF_ARTICLES, params![agent], &articles, batch)?))
}

fn batch(row: &mut Row) -> Result<Batch, StoreError> {
    Ok(Batch {
        first: row.get("first")?,
        passages: row.get("passages")?,
        words: row.get("words")?,
        languages: LanguageSet::from_bits(row.get::<i64>("languages")?.cast_unsigned()),
    })
}

fn scope(mut batches: Vec<Batch>) -> Scope {
    batches.sort_unstable_by_key(|batch| batch.first);
    batches.into_iter().collect()
}
