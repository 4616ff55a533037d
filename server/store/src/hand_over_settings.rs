//! How agents hand conversations over to people.

use cavuer_protocol::values::HandOver;
use cavuer_protocol::{AgentId, WorkspaceId};

use crate::sql::{Lock, Sql, json, params};
use crate::{Store, StoreError, agents};

impl Store {
    /// How an agent hands over. `None`: the workspace has no such agent.
    pub async fn hand_over(
        &self,
        workspace: WorkspaceId,
        agent: AgentId,
    ) -> Result<Option<HandOver>, StoreError> {
        self.database
            .read(move |sql| match agents::by_id(sql, workspace, agent)? {
                Some(_) => of_agent(sql, agent).map(Some),
                None => Ok(None),
            })
            .await
    }

    /// Changes how an agent hands over. `false`: the workspace has no such agent.
    pub async fn set_hand_over(
        &self,
        workspace: WorkspaceId,
        agent: AgentId,
        wanted: HandOver,
    ) -> Result<bool, StoreError> {
        self.database
            .write(move |sql| {
                sql.lock(Lock::Workspace(workspace))?;
                if agents::by_id(sql, workspace, agent)?.is_none() {
                    return Ok(false);
                }
                let hours = wanted.hours.as_ref().map(json::of).transpose()?;
                sql.execute(
                    "INSERT INTO hand_over (agent_id, enabled, wait_seconds, hours)
                     VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (agent_id) DO UPDATE SET
                         enabled = excluded.enabled, wait_seconds = excluded.wait_seconds,
                         hours = excluded.hours",
                    params![agent, wanted.enabled, wanted.wait_seconds, hours],
                )?;
                Ok(true)
            })
            .await
    }
}

/// How an agent hands over.
pub(crate) fn of_agent(sql: &dyn Sql, agent: AgentId) -> Result<HandOver, StoreError> {
    let found = sql.row(
        "SELECT enabled, wait_seconds, hours FROM hand_over WHERE agent_id = ?1",
        params![agent],
        |row| {
            Ok(HandOver {
                enabled: row.get("enabled")?,
                wait_seconds: row.get("wait_seconds")?,
                hours: row.optional_json("hours")?,
            })
        },
    )?;
    Ok(found.unwrap_or_default())
}
