//! Uploads that no message came for.

use cavuer_protocol::{ConversationId, Timestamp};

use crate::sql::{Lock, Row, Sql, params};
use crate::{Store, StoreError, visitors};

impl Store {
    /// Deletes uploads from before a moment that no message carries, and visitors who have
    /// nothing else here. A visitor, or a conversation, at a time: a merge holds two visitors in an
    /// order of its own, and waits for nobody who waits for it.
    pub async fn sweep_attachments(&self, before: Timestamp) -> Result<usize, StoreError> {
        let mut swept = 0;
        for conversation in self.database.read(move |sql| of_operators(sql, before)).await? {
            let sweep = move |sql: &dyn Sql| sweep_operators(sql, conversation, before);
            swept += self.database.write(sweep).await?;
        }
        for visitor in self.database.read(move |sql| of_visitors(sql, before)).await? {
            swept += self.database.write(move |sql| sweep_visitor(sql, visitor, before)).await?;
        }
        Ok(swept)
    }
}

/// The conversations in which operators uploaded what no message carries.
fn of_operators(sql: &dyn Sql, before: Timestamp) -> Result<Vec<ConversationId>, StoreError> {
    sql.rows(
        "SELECT DISTINCT conversation_id FROM attachment
         WHERE visitor_id IS NULL AND message_id IS NULL AND created_at < ?1",
        params![before],
        Row::first,
    )
}

/// The rows of the visitors who uploaded what no message carries.
fn of_visitors(sql: &dyn Sql, before: Timestamp) -> Result<Vec<i64>, StoreError> {
    sql.rows(
        "SELECT DISTINCT visitor_id FROM attachment
         WHERE visitor_id IS NOT NULL AND message_id IS NULL AND created_at < ?1",
        params![before],
        Row::first,
    )
}

fn sweep_operators(
    sql: &dyn Sql,
    conversation: ConversationId,
    before: Timestamp,
) -> Result<usize, StoreError> {
    sql.lock(Lock::Conversation(conversation))?;
    let swept = sql.execute(
        "DELETE FROM attachment WHERE conversation_id = ?1
             AND visitor_id IS NULL AND message_id IS NULL AND created_at < ?2",
        params![conversation, before],
    )?;
    Ok(usize::try_from(swept).unwrap_or(usize::MAX))
}

/// Whoever uploads or writes a first message waits, and what they stored before can be seen: or a
/// visitor who has just written would be deleted, and the message with them.
fn sweep_visitor(sql: &dyn Sql, visitor: i64, before: Timestamp) -> Result<usize, StoreError> {
    if !visitors::hold(sql, visitor)? {
        return Ok(0);
    }
    let swept = sql.execute(
        "DELETE FROM attachment
         WHERE visitor_id = ?1 AND message_id IS NULL AND created_at < ?2",
        params![visitor, before],
    )?;
    sql.execute(
        "DELETE FROM visitor WHERE id = ?1
             AND NOT EXISTS (SELECT 1 FROM conversation WHERE visitor_id = ?1)
             AND NOT EXISTS (SELECT 1 FROM attachment WHERE visitor_id = ?1)",
        params![visitor],
    )?;
    Ok(usize::try_from(swept).unwrap_or(usize::MAX))
}
