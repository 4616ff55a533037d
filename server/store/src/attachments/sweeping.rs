//! Uploads that no message came for.

use cavuer_protocol::{ConversationId, Timestamp};

use crate::sql::{Lock, Row, Sql, params};
use crate::{Store, StoreError};

impl Store {
    /// Deletes uploads from before a moment that no message carries, and visitors who have
    /// nothing else here.
    pub async fn sweep_attachments(&self, before: Timestamp) -> Result<usize, StoreError> {
        self.database
            .write(move |sql| {
                // Conversations are locked before visitors, as by whoever writes a message.
                Ok(sweep_operators(sql, before)? + sweep_visitors(sql, before)?)
            })
            .await
    }
}

fn sweep_operators(sql: &dyn Sql, before: Timestamp) -> Result<usize, StoreError> {
    let conversations: Vec<ConversationId> = sql.rows(
        "SELECT DISTINCT conversation_id FROM attachment
         WHERE visitor_id IS NULL AND message_id IS NULL AND created_at < ?1
         ORDER BY conversation_id",
        params![before],
        Row::first,
    )?;
    let mut swept = 0;
    for conversation in conversations {
        sql.lock(Lock::Conversation(conversation))?;
        swept += sql.execute(
            "DELETE FROM attachment WHERE conversation_id = ?1
                 AND visitor_id IS NULL AND message_id IS NULL AND created_at < ?2",
            params![conversation, before],
        )? as usize;
    }
    Ok(swept)
}

fn sweep_visitors(sql: &dyn Sql, before: Timestamp) -> Result<usize, StoreError> {
    let visitors: Vec<i64> = sql.rows(
        "SELECT DISTINCT visitor_id FROM attachment
         WHERE visitor_id IS NOT NULL AND message_id IS NULL AND created_at < ?1
         ORDER BY visitor_id",
        params![before],
        Row::first,
    )?;
    let mut swept = 0;
    for visitor in visitors {
        hold(sql, visitor)?;
        swept += sql.execute(
            "DELETE FROM attachment
             WHERE visitor_id = ?1 AND message_id IS NULL AND created_at < ?2",
            params![visitor, before],
        )? as usize;
        sql.execute(
            "DELETE FROM visitor WHERE id = ?1
                 AND NOT EXISTS (SELECT 1 FROM conversation WHERE visitor_id = ?1)
                 AND NOT EXISTS (SELECT 1 FROM attachment WHERE visitor_id = ?1)",
            params![visitor],
        )?;
    }
    Ok(swept)
}

/// Writes a visitor's row as it is. Who uploads or writes a first message writes it as well: from
/// now on they wait, and what they stored before can be seen. Or a visitor who has just written
/// would be deleted, and the message with them.
fn hold(sql: &dyn Sql, visitor: i64) -> Result<(), StoreError> {
    sql.execute("UPDATE visitor SET created_at = created_at WHERE id = ?1", params![visitor])?;
    Ok(())
}
