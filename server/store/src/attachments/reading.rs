//! Attachments for those who may see them.

use std::ops::ControlFlow;

use cavuer_protocol::{Attachment, AttachmentId, ConversationId, Message, MessageId, WorkspaceId};

use super::{COLUMNS, of_visitor, read};
use crate::sql::{Param, Sql, params};
use crate::visitors::{self, VisitorIdentity};
use crate::{Store, StoreError, places};

/// An attachment with its bytes.
#[derive(Clone, Debug)]
pub struct StoredAttachment {
    /// What messages say of it.
    pub attachment: Attachment,
    /// The whole content, in the form in which it was stored.
    pub bytes: Vec<u8>,
}

impl Store {
    /// An upload of a visitor, sent or not, so that a repeat need not be looked at again.
    pub async fn visitor_upload(
        &self,
        visitor: VisitorIdentity,
        id: AttachmentId,
    ) -> Result<Option<Attachment>, StoreError> {
        self.database
            .read(move |sql| match visitors::find(sql, &visitor)? {
                Some(visitor) => of_visitor(sql, visitor, id),
                None => Ok(None),
            })
            .await
    }

    /// What a visitor may see: own uploads, and what came with a message of the visitor's
    /// conversation.
    pub async fn visitor_attachment(
        &self,
        visitor: VisitorIdentity,
        id: AttachmentId,
    ) -> Result<Option<StoredAttachment>, StoreError> {
        self.database
            .read(move |sql| {
                let Some(visitor) = visitors::find(sql, &visitor)? else { return Ok(None) };
                let own = "visitor_id = ?1 AND id = ?2";
                let received = "id = ?2 AND message_id IS NOT NULL AND conversation_id =
                    (SELECT conversation.id FROM conversation WHERE conversation.visitor_id = ?1)";
                let key = params![visitor, id];
                match with_bytes(sql, own, key)? {
                    None => with_bytes(sql, received, key),
                    found => Ok(found),
                }
            })
            .await
    }

    /// What came with a message of a conversation, or is an operator's and will.
    pub async fn conversation_attachment(
        &self,
        workspace: WorkspaceId,
        conversation: ConversationId,
        id: AttachmentId,
    ) -> Result<Option<StoredAttachment>, StoreError> {
        self.database
            .read(move |sql| {
                if places::place(sql, workspace, conversation)?.is_none() {
                    return Ok(None);
                }
                with_bytes(sql, "conversation_id = ?1 AND id = ?2", params![conversation, id])
            })
            .await
    }

    /// The bytes of an attachment of a conversation; `None` if it is gone.
    pub async fn attachment_bytes(
        &self,
        conversation: ConversationId,
        id: AttachmentId,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        self.database
            .read(move |sql| {
                sql.value(
                    "SELECT bytes FROM attachment JOIN attachment_bytes USING (number)
                     WHERE conversation_id = ?1 AND id = ?2",
                    params![conversation, id],
                )
            })
            .await
    }
}

/// Gives messages of one conversation, in rising order, what came with them.
pub(crate) fn fill(
    sql: &dyn Sql,
    conversation: ConversationId,
    messages: &mut [Message],
) -> Result<(), StoreError> {
    let statement = format!(
        "SELECT {COLUMNS}, message_id FROM attachment
         WHERE conversation_id = ?1 AND message_id IS NOT NULL ORDER BY message_id, place"
    );
    // Most of a long conversation's attachments may belong to other messages than these.
    sql.query(&statement, params![conversation], &mut |mut row| {
        let id: MessageId = row.get("message_id")?;
        if let Some(message) = messages.iter_mut().find(|message| message.id == id) {
            message.attachments.push(read(&mut row)?);
        }
        Ok(ControlFlow::Continue(()))
    })
}

fn with_bytes(
    sql: &dyn Sql,
    which: &'static str,
    values: &[Param<'_>],
) -> Result<Option<StoredAttachment>, StoreError> {
    let statement = format!(
        "SELECT {COLUMNS}, bytes FROM attachment JOIN attachment_bytes USING (number)
         WHERE {which}"
    );
    sql.row(&statement, values, |row| {
        Ok(StoredAttachment { attachment: read(row)?, bytes: row.get("bytes")? })
    })
}
