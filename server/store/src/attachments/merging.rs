//! What a guest uploaded goes along when the guest turns out to be a user. Where the other has
//! something of the same id already, that stays.

use cavuer_protocol::ConversationId;

use crate::StoreError;
use crate::sql::{Sql, params};

/// Moves what came with the messages that were moved, before the emptied conversation goes.
pub(crate) fn follow_messages(
    sql: &dyn Sql,
    from: ConversationId,
    into: ConversationId,
) -> Result<(), StoreError> {
    sql.execute(
        "UPDATE attachment SET conversation_id = ?2 WHERE conversation_id = ?1
             AND NOT EXISTS (SELECT 1 FROM message
                 WHERE message.conversation_id = ?1 AND message.id = attachment.message_id)
             AND NOT EXISTS (SELECT 1 FROM attachment AS other
                 WHERE other.conversation_id = ?2 AND other.id = attachment.id)",
        params![from, into],
    )?;
    Ok(())
}

/// Makes one visitor's uploads another's.
pub(crate) fn adopt(sql: &dyn Sql, from: i64, into: i64) -> Result<(), StoreError> {
    sql.execute(
        "UPDATE attachment SET visitor_id = ?2 WHERE visitor_id = ?1
             AND NOT EXISTS (SELECT 1 FROM attachment AS other
                 WHERE other.visitor_id = ?2 AND other.id = attachment.id)",
        params![from, into],
    )?;
    Ok(())
}
