//! Conversations that are deleted: one by one, or because their time is over.

use cavuer_protocol::{ConversationId, Timestamp, WorkspaceId};
use rusqlite::{Connection, params};

use super::{ConversationPlace, Store, StoreError, conversations};

impl Store {
    /// Deletes a conversation with its messages and its visitor.
    /// `None`: the workspace has no such conversation.
    pub async fn delete_conversation(
        &self,
        workspace: WorkspaceId,
        conversation: ConversationId,
    ) -> Result<Option<ConversationPlace>, StoreError> {
        self.pool
            .write(move |conn| {
                let Some(place) = conversations::place(conn, workspace, conversation)? else {
                    return Ok(None);
                };
                delete(conn, conversation)?;
                Ok(Some(place))
            })
            .await
    }

    /// Deletes up to `limit` conversations in which nothing has been written for longer than their
    /// agents keep them.
    pub async fn delete_expired_conversations(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<ConversationPlace>, StoreError> {
        self.pool
            .write(move |conn| {
                let mut statement = conn.prepare_cached(
                    "SELECT conversation.id FROM agent
                     JOIN channel ON channel.agent_id = agent.id
                     JOIN conversation ON conversation.channel_id = channel.id
                     WHERE agent.retention_days > 0
                         AND conversation.updated_at <= ?1 - agent.retention_days * 86400000
                     LIMIT ?2",
                )?;
                let expired = statement
                    .query_map(params![now.0, limit], |row| row.get(0).map(ConversationId))?
                    .collect::<Result<Vec<_>, _>>()?;
                let mut places = Vec::new();
                for conversation in expired {
                    places.extend(conversations::place_of(conn, conversation)?);
                    delete(conn, conversation)?;
                }
                Ok(places)
            })
            .await
    }
}

/// Everything that hangs on a conversation goes, and so does the visitor: with a next message they
/// begin anew. What its answers took stays, without a way back to anybody.
fn delete(conn: &Connection, conversation: ConversationId) -> Result<(), StoreError> {
    conn.prepare_cached(
        "DELETE FROM visitor WHERE id = (SELECT visitor_id FROM conversation WHERE id = ?)",
    )?
    .execute([conversation.0])?;
    Ok(())
}
