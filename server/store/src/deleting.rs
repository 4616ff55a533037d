//! Conversations that are deleted: one by one, or because their time is over.

use cavuer_protocol::{ConversationId, Timestamp, WorkspaceId};

use crate::places::{self, ConversationPlace};
use crate::sql::{Lock, Row, Sql, params};
use crate::{Store, StoreError};

impl Store {
    /// Deletes a conversation with its messages and its visitor.
    /// `None`: the workspace has no such conversation.
    pub async fn delete_conversation(
        &self,
        workspace: WorkspaceId,
        conversation: ConversationId,
    ) -> Result<Option<ConversationPlace>, StoreError> {
        self.database
            .write(move |sql| {
                sql.lock(Lock::Conversation(conversation))?;
                let Some(place) = places::place(sql, workspace, conversation)? else {
                    return Ok(None);
                };
                delete(sql, conversation)?;
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
        self.database
            .write(move |sql| {
                let mut expired = sql.rows(
                    "SELECT conversation.id FROM agent
                     JOIN channel ON channel.agent_id = agent.id
                     JOIN conversation ON conversation.channel_id = channel.id
                     WHERE agent.retention_days > 0
                         AND conversation.updated_at <= ?1 - agent.retention_days * 86400000
                     LIMIT ?2",
                    params![now, limit],
                    Row::first,
                )?;
                expired.sort_unstable();
                let mut places = Vec::new();
                for conversation in expired {
                    sql.lock(Lock::Conversation(conversation))?;
                    // Somebody may have written or deleted it before the lock was ours.
                    if is_expired(sql, conversation, now)? {
                        places.extend(places::place_of(sql, conversation)?);
                        delete(sql, conversation)?;
                    }
                }
                Ok(places)
            })
            .await
    }
}

fn is_expired(
    sql: &dyn Sql,
    conversation: ConversationId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    sql.only_value(
        "SELECT EXISTS (SELECT 1 FROM conversation
             JOIN channel ON channel.id = conversation.channel_id
             JOIN agent ON agent.id = channel.agent_id
             WHERE conversation.id = ?1 AND agent.retention_days > 0
                 AND conversation.updated_at <= ?2 - agent.retention_days * 86400000)",
        params![conversation, now],
    )
}

/// Everything that hangs on a conversation goes, and so does the visitor: with a next message they
/// begin anew. What its answers took stays, without a way back to anybody.
fn delete(sql: &dyn Sql, conversation: ConversationId) -> Result<(), StoreError> {
    sql.execute(
        "DELETE FROM visitor WHERE id = (SELECT visitor_id FROM conversation WHERE id = ?1)",
        params![conversation],
    )?;
    Ok(())
}
