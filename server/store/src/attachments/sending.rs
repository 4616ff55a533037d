//! Uploads that are sent with a message.

use cavuer_protocol::{Attachment, AttachmentId, ConversationId, MessageId};

use super::{COLUMNS, UploadOwner, is_taken, read};
use crate::StoreError;
use crate::sql::{Sql, params};

/// A message names an attachment that its author has not uploaded, or has sent already. The number
/// is its place in the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownAttachment(pub usize);

/// The place of the first attachment that this author cannot send with a message of this
/// conversation, which may not exist yet.
pub(crate) fn unknown(
    sql: &dyn Sql,
    author: UploadOwner,
    conversation: Option<ConversationId>,
    ids: &[AttachmentId],
) -> Result<Option<UnknownAttachment>, StoreError> {
    for (place, id) in ids.iter().enumerate() {
        let twice = ids[..place].contains(id);
        if twice || !can_send(sql, author, conversation, *id)? {
            return Ok(Some(UnknownAttachment(place)));
        }
    }
    Ok(None)
}

/// Puts uploads, which [`unknown`] has let pass, into a message.
pub(crate) fn send(
    sql: &dyn Sql,
    author: UploadOwner,
    conversation: ConversationId,
    message: MessageId,
    ids: &[AttachmentId],
) -> Result<Vec<Attachment>, StoreError> {
    let (visitor, operator) = author.columns();
    let statement = format!(
        "UPDATE attachment SET conversation_id = ?1, message_id = ?2, place = ?3
         WHERE id = ?4 AND message_id IS NULL
             AND (visitor_id = ?5 OR (user_id = ?6 AND conversation_id = ?1))
         RETURNING {COLUMNS}"
    );
    let sent = ids.iter().zip(0_i64..).map(|(id, place)| {
        let values = params![conversation, message, place, id, visitor, operator];
        let sent = sql.row(&statement, values, read)?;
        // It was swept away, or made room for another, after `unknown` saw it. Nothing of the
        // message is stored then, and a repeat is told which attachment is unknown.
        sent.ok_or_else(|| StoreError::unavailable("an upload went while it was being sent"))
    });
    sent.collect()
}

fn can_send(
    sql: &dyn Sql,
    author: UploadOwner,
    conversation: Option<ConversationId>,
    id: AttachmentId,
) -> Result<bool, StoreError> {
    let (visitor, operator) = author.columns();
    let waits: bool = sql.only_value(
        "SELECT EXISTS (SELECT 1 FROM attachment WHERE id = ?1 AND message_id IS NULL
             AND (visitor_id = ?2 OR (user_id = ?3 AND conversation_id = ?4)))",
        params![id, visitor, operator, conversation],
    )?;
    // A visitor could choose the id of something that an operator has sent here.
    let clashes = match (author, conversation) {
        (UploadOwner::Visitor(_), Some(conversation)) => is_taken(sql, conversation, id)?,
        _ => false,
    };
    Ok(waits && !clashes)
}
