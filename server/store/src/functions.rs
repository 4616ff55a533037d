//! The functions of agents, and what channels may not use of them.

use cavuer_protocol::console::{ChannelFunction, Function, FunctionMethod};
use cavuer_protocol::limits::FUNCTIONS;
use cavuer_protocol::{AgentId, ChannelId, FunctionId, Timestamp, WorkspaceId};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{Store, StoreError, agents, row};

/// The columns that [`stored`] reads, in its order.
const COLUMNS: &str = "function.id, function.name, function.description, function.parameters,
    function.method, function.address, function.timeout_seconds, function.enabled";

/// A function as it is kept: the values of its headers are sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFunction {
    pub id: FunctionId,
    pub name: String,
    pub description: String,
    pub parameters: String,
    pub method: FunctionMethod,
    pub address: String,
    pub timeout_seconds: u32,
    pub enabled: bool,
    /// Name in lower case, and sealed value.
    pub headers: Vec<(String, Vec<u8>)>,
}

/// What became of a function that was to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FunctionOutcome {
    Stored(Box<StoredFunction>),
    /// The workspace has no such agent, or the agent no such function.
    NotFound,
    /// Another function of the agent has the name.
    NameTaken,
    /// The agent has as many as it can have.
    TooMany,
    /// There is no value for the header of this name yet.
    ValueMissing(String),
}

impl StoredFunction {
    /// The function as the console shows it.
    pub fn shown(&self) -> Function {
        Function {
            id: self.id,
            name: self.name.clone(),
            description: self.description.clone(),
            parameters: self.parameters.clone(),
            method: self.method,
            address: self.address.clone(),
            headers: self.headers.iter().map(|(name, _)| name.clone()).collect(),
            timeout_seconds: self.timeout_seconds,
            enabled: self.enabled,
        }
    }
}

/// A header on its way into the store; without a value the one that is there stays.
pub type NewHeader = (String, Option<Vec<u8>>);

impl Store {
    /// An agent's functions, oldest first. `None`: the workspace has no such agent.
    pub async fn functions(
        &self,
        workspace: WorkspaceId,
        agent: AgentId,
    ) -> Result<Option<Vec<StoredFunction>>, StoreError> {
        self.pool
            .read(move |conn| match agents::by_id(conn, workspace, agent)? {
                Some(_) => of_agent(conn, agent).map(Some),
                None => Ok(None),
            })
            .await
    }

    /// One function of an agent.
    pub async fn function(
        &self,
        workspace: WorkspaceId,
        agent: AgentId,
        id: FunctionId,
    ) -> Result<Option<StoredFunction>, StoreError> {
        let all = self.functions(workspace, agent).await?.unwrap_or_default();
        Ok(all.into_iter().find(|function| function.id == id))
    }

    /// Adds a function to an agent; its `headers` are taken from the parameter.
    pub async fn create_function(
        &self,
        workspace: WorkspaceId,
        agent: AgentId,
        function: StoredFunction,
        headers: Vec<NewHeader>,
        now: Timestamp,
    ) -> Result<FunctionOutcome, StoreError> {
        self.pool
            .write(move |conn| {
                if agents::by_id(conn, workspace, agent)?.is_none() {
                    return Ok(FunctionOutcome::NotFound);
                }
                let all = of_agent(conn, agent)?;
                if all.len() >= FUNCTIONS {
                    return Ok(FunctionOutcome::TooMany);
                }
                if all.iter().any(|other| other.name == function.name) {
                    return Ok(FunctionOutcome::NameTaken);
                }
                if let Some((name, _)) = headers.iter().find(|(_, value)| value.is_none()) {
                    return Ok(FunctionOutcome::ValueMissing(name.clone()));
                }
                conn.prepare_cached(
                    "INSERT INTO function (id, agent_id, name, description, parameters, method,
                         address, timeout_seconds, enabled, created_at)
                     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                )?
                .execute(params![
                    function.id.0,
                    agent.0,
                    function.name,
                    function.description,
                    function.parameters,
                    row::word_column(&function.method)?,
                    function.address,
                    function.timeout_seconds,
                    function.enabled,
                    now.0
                ])?;
                set_headers(conn, function.id, headers)?;
                Ok(outcome(by_id(conn, agent, function.id)?))
            })
            .await
    }

    /// Replaces a function; its `headers` are taken from the parameter.
    pub async fn replace_function(
        &self,
        workspace: WorkspaceId,
        agent: AgentId,
        function: StoredFunction,
        headers: Vec<NewHeader>,
    ) -> Result<FunctionOutcome, StoreError> {
        self.pool
            .write(move |conn| {
                if agents::by_id(conn, workspace, agent)?.is_none() {
                    return Ok(FunctionOutcome::NotFound);
                }
                let all = of_agent(conn, agent)?;
                let Some(old) = all.iter().find(|old| old.id == function.id) else {
                    return Ok(FunctionOutcome::NotFound);
                };
                if all.iter().any(|other| other.id != old.id && other.name == function.name) {
                    return Ok(FunctionOutcome::NameTaken);
                }
                let has = |name: &str| old.headers.iter().any(|(known, _)| known == name);
                let missing = headers.iter().find(|(name, value)| value.is_none() && !has(name));
                if let Some((name, _)) = missing {
                    return Ok(FunctionOutcome::ValueMissing(name.clone()));
                }
                conn.prepare_cached(
                    "UPDATE function SET name = ?, description = ?, parameters = ?, method = ?,
                         address = ?, timeout_seconds = ?, enabled = ?
                     WHERE id = ?",
                )?
                .execute(params![
                    function.name,
                    function.description,
                    function.parameters,
                    row::word_column(&function.method)?,
                    function.address,
                    function.timeout_seconds,
                    function.enabled,
                    function.id.0
                ])?;
                set_headers(conn, function.id, headers)?;
                Ok(outcome(by_id(conn, agent, function.id)?))
            })
            .await
    }

    /// Deletes a function; its calls stay where they were made. `false`: there is none.
    pub async fn delete_function(
        &self,
        workspace: WorkspaceId,
        agent: AgentId,
        id: FunctionId,
    ) -> Result<bool, StoreError> {
        self.pool
            .write(move |conn| {
                let sql = "DELETE FROM function WHERE id = ?1 AND agent_id = ?2
                     AND EXISTS (SELECT 1 FROM agent WHERE id = ?2 AND workspace_id = ?3)";
                Ok(conn.execute(sql, params![id.0, agent.0, workspace.0])? > 0)
            })
            .await
    }

    /// The functions of a channel's agent, and whether the channel may use them.
    /// `None`: the workspace has no such channel.
    pub async fn channel_functions(
        &self,
        workspace: WorkspaceId,
        channel: ChannelId,
    ) -> Result<Option<Vec<ChannelFunction>>, StoreError> {
        self.pool
            .read(move |conn| match agent_of(conn, workspace, channel)? {
                Some(agent) => in_channel(conn, agent, channel).map(Some),
                None => Ok(None),
            })
            .await
    }

    /// Forbids a channel these functions of its agent, and allows all others.
    /// `None`: the workspace has no such channel.
    pub async fn forbid_functions(
        &self,
        workspace: WorkspaceId,
        channel: ChannelId,
        forbidden: Vec<FunctionId>,
    ) -> Result<Option<Vec<ChannelFunction>>, StoreError> {
        self.pool
            .write(move |conn| {
                let Some(agent) = agent_of(conn, workspace, channel)? else { return Ok(None) };
                conn.prepare_cached("DELETE FROM channel_without_function WHERE channel_id = ?")?
                    .execute([channel.0])?;
                // One that is gone, or another agent's, is none that this channel could use.
                let mut forbid = conn.prepare_cached(
                    "INSERT OR IGNORE INTO channel_without_function (channel_id, function_id)
                     SELECT ?1, id FROM function WHERE id = ?2 AND agent_id = ?3",
                )?;
                for function in forbidden {
                    forbid.execute(params![channel.0, function.0, agent.0])?;
                }
                in_channel(conn, agent, channel).map(Some)
            })
            .await
    }
}

/// What an agent's model may ask for in a channel.
pub(crate) fn usable(
    conn: &Connection,
    agent: AgentId,
    channel: ChannelId,
) -> Result<Vec<StoredFunction>, StoreError> {
    let allowed = in_channel(conn, agent, channel)?;
    let is_allowed = |id| allowed.iter().any(|function| function.id == id && function.allowed);
    let mut functions = of_agent(conn, agent)?;
    functions.retain(|function| function.enabled && is_allowed(function.id));
    Ok(functions)
}

fn outcome(stored: Option<StoredFunction>) -> FunctionOutcome {
    stored.map_or(FunctionOutcome::NotFound, |stored| FunctionOutcome::Stored(Box::new(stored)))
}

fn of_agent(conn: &Connection, agent: AgentId) -> Result<Vec<StoredFunction>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM function WHERE agent_id = ? ORDER BY created_at, id");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut functions = statement.query_map([agent.0], stored)?.collect::<Result<Vec<_>, _>>()?;
    for function in &mut functions {
        function.headers = headers(conn, function.id)?;
    }
    Ok(functions)
}

fn by_id(
    conn: &Connection,
    agent: AgentId,
    id: FunctionId,
) -> Result<Option<StoredFunction>, StoreError> {
    Ok(of_agent(conn, agent)?.into_iter().find(|function| function.id == id))
}

fn headers(conn: &Connection, function: FunctionId) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT name, sealed FROM function_header WHERE function_id = ? ORDER BY name",
    )?;
    let headers = statement.query_map([function.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(headers.collect::<Result<_, _>>()?)
}

fn set_headers(
    conn: &Connection,
    function: FunctionId,
    headers: Vec<NewHeader>,
) -> Result<(), StoreError> {
    let names = row::json_column(&headers.iter().map(|(name, _)| name).collect::<Vec<_>>())?;
    conn.prepare_cached(
        "DELETE FROM function_header
         WHERE function_id = ? AND name NOT IN (SELECT value FROM json_each(?))",
    )?
    .execute(params![function.0, names])?;
    let mut set = conn.prepare_cached(
        "INSERT INTO function_header (function_id, name, sealed) VALUES (?1, ?2, ?3)
         ON CONFLICT (function_id, name) DO UPDATE SET sealed = ?3",
    )?;
    for (name, sealed) in headers {
        if let Some(sealed) = sealed {
            set.execute(params![function.0, name, sealed])?;
        }
    }
    Ok(())
}

fn agent_of(
    conn: &Connection,
    workspace: WorkspaceId,
    channel: ChannelId,
) -> Result<Option<AgentId>, StoreError> {
    let mut statement =
        conn.prepare_cached("SELECT agent_id FROM channel WHERE id = ? AND workspace_id = ?")?;
    let found =
        statement.query_row(params![channel.0, workspace.0], |row| row::id(row, 0, AgentId));
    Ok(found.optional()?)
}

fn in_channel(
    conn: &Connection,
    agent: AgentId,
    channel: ChannelId,
) -> Result<Vec<ChannelFunction>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT id, name, NOT EXISTS (SELECT 1 FROM channel_without_function
             WHERE function_id = function.id AND channel_id = ?1)
         FROM function WHERE agent_id = ?2 ORDER BY created_at, id",
    )?;
    let functions = statement.query_map(params![channel.0, agent.0], |row| {
        Ok(ChannelFunction {
            id: row::id(row, 0, FunctionId)?,
            name: row.get(1)?,
            allowed: row.get(2)?,
        })
    })?;
    Ok(functions.collect::<Result<_, _>>()?)
}

fn stored(row: &Row<'_>) -> rusqlite::Result<StoredFunction> {
    Ok(StoredFunction {
        id: row::id(row, 0, FunctionId)?,
        name: row.get(1)?,
        description: row.get(2)?,
        parameters: row.get(3)?,
        method: row::word(row, 4)?,
        address: row.get(5)?,
        timeout_seconds: row.get(6)?,
        enabled: row.get(7)?,
        headers: Vec::new(),
    })
}
