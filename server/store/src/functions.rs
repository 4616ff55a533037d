//! The functions of agents, and what channels may not use of them.

use cavuer_protocol::limits::FUNCTIONS;
use cavuer_protocol::values::FunctionMethod;
use cavuer_protocol::{AgentId, ChannelId, FunctionId, Timestamp, WorkspaceId};

use crate::sql::{Lock, Row, Sql, params, word};
use crate::{Store, StoreError, agents};

/// A function as it is kept: the values of its headers are sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFunction {
    /// Channels forbid it by this, and the values of its headers are sealed for it.
    pub id: FunctionId,
    /// As the model calls it; no other function of the agent has it.
    pub name: String,
    /// When to call it and what it does, for the model.
    pub description: String,
    /// JSON Schema of the arguments, as JSON text; its type is `object`.
    pub parameters: String,
    /// Also decides whether arguments without a placeholder go into the query or into a body.
    pub method: FunctionMethod,
    /// `http` or `https`, with `{placeholders}` in path and query, each of them an argument.
    pub address: String,
    /// How long a whole answer may take, in [`cavuer_protocol::limits::FUNCTION_TIMEOUT_SECONDS`].
    pub timeout_seconds: u32,
    /// Whether models are told of it at all, in any channel and in the playground.
    pub enabled: bool,
    /// Name in lower case, and sealed value.
    pub headers: Vec<(String, Vec<u8>)>,
}

/// A function of a channel's agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionInChannel {
    /// Names it everywhere.
    pub id: FunctionId,
    /// As the model calls it.
    pub name: String,
    /// Whether the agent may use it in this channel.
    pub allowed: bool,
}

/// What became of a function that was to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FunctionOutcome {
    /// It is this now, with all of its headers.
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

/// A header on its way into the store; without a value the one that is there stays.
pub type NewHeader = (String, Option<Vec<u8>>);

impl Store {
    /// An agent's functions, oldest first. `None`: the workspace has no such agent.
    pub async fn functions(
        &self,
        workspace: WorkspaceId,
        agent: AgentId,
    ) -> Result<Option<Vec<StoredFunction>>, StoreError> {
        self.database
            .read(move |sql| match agents::by_id(sql, workspace, agent)? {
                Some(_) => of_agent(sql, agent).map(Some),
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
        self.database
            .write(move |sql| {
                sql.lock(Lock::Workspace(workspace))?;
                if agents::by_id(sql, workspace, agent)?.is_none() {
                    return Ok(FunctionOutcome::NotFound);
                }
                let all = of_agent(sql, agent)?;
                if all.len() >= FUNCTIONS {
                    return Ok(FunctionOutcome::TooMany);
                }
                if all.iter().any(|other| other.name == function.name) {
                    return Ok(FunctionOutcome::NameTaken);
                }
                if let Some((name, _)) = headers.iter().find(|(_, value)| value.is_none()) {
                    return Ok(FunctionOutcome::ValueMissing(name.clone()));
                }
                sql.execute(
                    "INSERT INTO function (id, agent_id, name, description, parameters, method,
                         address, timeout_seconds, enabled, created_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                    params![
                        function.id,
                        agent,
                        function.name,
                        function.description,
                        function.parameters,
                        word::of(&function.method)?,
                        function.address,
                        function.timeout_seconds,
                        function.enabled,
                        now,
                    ],
                )?;
                set_headers(sql, function.id, headers)?;
                Ok(outcome(by_id(sql, agent, function.id)?))
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
        self.database
            .write(move |sql| {
                sql.lock(Lock::Workspace(workspace))?;
                if agents::by_id(sql, workspace, agent)?.is_none() {
                    return Ok(FunctionOutcome::NotFound);
                }
                let all = of_agent(sql, agent)?;
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
                sql.execute(
                    "UPDATE function SET name = ?2, description = ?3, parameters = ?4,
                         method = ?5, address = ?6, timeout_seconds = ?7, enabled = ?8
                     WHERE id = ?1",
                    params![
                        function.id,
                        function.name,
                        function.description,
                        function.parameters,
                        word::of(&function.method)?,
                        function.address,
                        function.timeout_seconds,
                        function.enabled,
                    ],
                )?;
                set_headers(sql, function.id, headers)?;
                Ok(outcome(by_id(sql, agent, function.id)?))
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
        self.database
            .write(move |sql| {
                // Nobody changes it, or forbids it a channel, while it goes.
                sql.lock(Lock::Workspace(workspace))?;
                let deleted = sql.execute(
                    "DELETE FROM function WHERE id = ?1 AND agent_id = ?2
                         AND EXISTS (SELECT 1 FROM agent WHERE id = ?2 AND workspace_id = ?3)",
                    params![id, agent, workspace],
                )?;
                Ok(deleted > 0)
            })
            .await
    }

    /// The functions of a channel's agent, and whether the channel may use them.
    /// `None`: the workspace has no such channel.
    pub async fn channel_functions(
        &self,
        workspace: WorkspaceId,
        channel: ChannelId,
    ) -> Result<Option<Vec<FunctionInChannel>>, StoreError> {
        self.database
            .read(move |sql| match agent_of(sql, workspace, channel)? {
                Some(agent) => in_channel(sql, agent, channel).map(Some),
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
    ) -> Result<Option<Vec<FunctionInChannel>>, StoreError> {
        self.database
            .write(move |sql| {
                sql.lock(Lock::Workspace(workspace))?;
                let Some(agent) = agent_of(sql, workspace, channel)? else { return Ok(None) };
                sql.execute(
                    "DELETE FROM channel_without_function WHERE channel_id = ?1",
                    params![channel],
                )?;
                for function in forbidden {
                    // One that is gone, or another agent's, is none that this channel could use.
                    sql.execute(
                        "INSERT INTO channel_without_function (channel_id, function_id)
                         SELECT ?1, function.id FROM function
                         WHERE function.id = ?2 AND function.agent_id = ?3
                         ON CONFLICT DO NOTHING",
                        params![channel, function, agent],
                    )?;
                }
                in_channel(sql, agent, channel).map(Some)
            })
            .await
    }
}

/// What an agent's model may ask for in a channel.
pub(crate) fn usable(
    sql: &dyn Sql,
    agent: AgentId,
    channel: ChannelId,
) -> Result<Vec<StoredFunction>, StoreError> {
    let allowed = in_channel(sql, agent, channel)?;
    let is_allowed = |id| allowed.iter().any(|function| function.id == id && function.allowed);
    let mut functions = of_agent(sql, agent)?;
    functions.retain(|function| function.enabled && is_allowed(function.id));
    Ok(functions)
}

fn outcome(stored: Option<StoredFunction>) -> FunctionOutcome {
    stored.map_or(FunctionOutcome::NotFound, |stored| FunctionOutcome::Stored(Box::new(stored)))
}

fn of_agent(sql: &dyn Sql, agent: AgentId) -> Result<Vec<StoredFunction>, StoreError> {
    let mut functions = sql.rows(
        "SELECT id, name, description, parameters, method, address, timeout_seconds, enabled
         FROM function WHERE agent_id = ?1 ORDER BY created_at, id",
        params![agent],
        stored,
    )?;
    for function in &mut functions {
        function.headers = headers(sql, function.id)?;
    }
    Ok(functions)
}

fn by_id(
    sql: &dyn Sql,
    agent: AgentId,
    id: FunctionId,
) -> Result<Option<StoredFunction>, StoreError> {
    Ok(of_agent(sql, agent)?.into_iter().find(|function| function.id == id))
}

fn headers(sql: &dyn Sql, function: FunctionId) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
    sql.rows(
        "SELECT name, sealed FROM function_header WHERE function_id = ?1 ORDER BY name",
        params![function],
        |row| Ok((row.get("name")?, row.get("sealed")?)),
    )
}

fn set_headers(
    sql: &dyn Sql,
    function: FunctionId,
    wanted: Vec<NewHeader>,
) -> Result<(), StoreError> {
    for (name, _) in headers(sql, function)? {
        if wanted.iter().all(|(kept, _)| *kept != name) {
            sql.execute(
                "DELETE FROM function_header WHERE function_id = ?1 AND name = ?2",
                params![function, name],
            )?;
        }
    }
    for (name, sealed) in wanted {
        if let Some(sealed) = sealed {
            sql.execute(
                "INSERT INTO function_header (function_id, name, sealed) VALUES (?1, ?2, ?3)
                 ON CONFLICT (function_id, name) DO UPDATE SET sealed = excluded.sealed",
                params![function, name, sealed],
            )?;
        }
    }
    Ok(())
}

fn agent_of(
    sql: &dyn Sql,
    workspace: WorkspaceId,
    channel: ChannelId,
) -> Result<Option<AgentId>, StoreError> {
    sql.value(
        "SELECT agent_id FROM channel WHERE id = ?1 AND workspace_id = ?2",
        params![channel, workspace],
    )
}

fn in_channel(
    sql: &dyn Sql,
    agent: AgentId,
    channel: ChannelId,
) -> Result<Vec<FunctionInChannel>, StoreError> {
    sql.rows(
        "SELECT function.id, function.name, NOT EXISTS (
             SELECT 1 FROM channel_without_function
             WHERE channel_without_function.function_id = function.id
                 AND channel_without_function.channel_id = ?1) AS allowed
         FROM function WHERE function.agent_id = ?2
         ORDER BY function.created_at, function.id",
        params![channel, agent],
        |row| {
            Ok(FunctionInChannel {
                id: row.get("id")?,
                name: row.get("name")?,
                allowed: row.get("allowed")?,
            })
        },
    )
}

/// A function without its headers.
fn stored(row: &mut Row) -> Result<StoredFunction, StoreError> {
    Ok(StoredFunction {
        id: row.get("id")?,
        name: row.get("name")?,
        description: row.get("description")?,
        parameters: row.get("parameters")?,
        method: row.word("method")?,
        address: row.get("address")?,
        timeout_seconds: row.get("timeout_seconds")?,
        enabled: row.get("enabled")?,
        headers: Vec::new(),
    })
}

#[cfg(test)]
mod tests;
