//! Attachments: uploads that wait for their message, and what messages carry.

use cavuer_protocol::{
    Attachment, AttachmentContent, AttachmentId, ConversationId, Message, MessageId, Timestamp,
    UserId, WorkspaceId,
};
use rusqlite::{Connection, OptionalExtension as _, Params, Row, params};

use super::conversations;
use super::visitors::{self, VisitorIdentity};
use super::{Store, StoreError, row};

/// Most uploads of one visitor, or of the operators in one conversation, that wait for a message.
/// A newer one takes the place of the oldest.
const UNSENT: i64 = 20;

const COLUMNS: &str = "id, name, media_type, size, width, height, seconds, transcript";

/// An attachment ready to be stored.
#[derive(Clone, Debug)]
pub struct NewAttachment {
    pub id: AttachmentId,
    pub name: String,
    pub media_type: String,
    pub content: AttachmentContent,
    pub bytes: Vec<u8>,
    pub now: Timestamp,
}

/// The visitor who uploads, as in [`super::NewMessage`].
#[derive(Clone, Debug)]
pub struct Uploader {
    pub visitor: VisitorIdentity,
    pub key_hash: Option<Vec<u8>>,
    pub name: Option<String>,
    pub email: Option<String>,
}

/// An attachment with its bytes.
#[derive(Clone, Debug)]
pub struct StoredAttachment {
    pub attachment: Attachment,
    pub bytes: Vec<u8>,
}

/// A message names an attachment that its author has not uploaded, or has sent already. The number
/// is its place in the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownAttachment(pub usize);

/// Whose an upload is.
#[derive(Clone, Copy)]
pub(crate) enum Author {
    /// The visitor's row.
    Visitor(i64),
    Operator(UserId),
}

impl Store {
    /// Stores a visitor's upload, and the visitor with it, who may not have written yet. A repeat
    /// of the same id returns the attachment stored first.
    pub async fn add_visitor_attachment(
        &self,
        uploader: Uploader,
        new: NewAttachment,
    ) -> Result<Attachment, StoreError> {
        self.pool
            .write(move |conn| {
                let about = (uploader.name.as_deref(), uploader.email.as_deref());
                let key_hash = uploader.key_hash.as_deref();
                let visitor =
                    visitors::find_or_add(conn, &uploader.visitor, key_hash, about, new.now)?;
                if let Some(first) = of_visitor(conn, visitor, new.id)? {
                    return Ok(first);
                }
                insert(conn, Author::Visitor(visitor), None, &new)?;
                make_room(conn, "visitor_id = ?1", params![visitor, UNSENT])?;
                Ok(new.described())
            })
            .await
    }

    /// Stores an operator's upload for one conversation. A repeat as for visitors. `None`: the
    /// workspace has no such conversation, or the id is somebody else's there.
    pub async fn add_operator_attachment(
        &self,
        workspace: WorkspaceId,
        conversation: ConversationId,
        operator: UserId,
        new: NewAttachment,
    ) -> Result<Option<Attachment>, StoreError> {
        self.pool
            .write(move |conn| {
                if conversations::place(conn, workspace, conversation)?.is_none() {
                    return Ok(None);
                }
                if is_taken(conn, conversation, new.id)? {
                    let own = "conversation_id = ?1 AND id = ?2 AND user_id = ?3";
                    return one(conn, own, params![conversation.0, new.id.0, operator.0]);
                }
                insert(conn, Author::Operator(operator), Some(conversation), &new)?;
                let of_operators = "conversation_id = ?1 AND visitor_id IS NULL";
                make_room(conn, of_operators, params![conversation.0, UNSENT])?;
                Ok(Some(new.described()))
            })
            .await
    }

    /// An upload of a visitor, sent or not, so that a repeat need not be looked at again.
    pub async fn visitor_upload(
        &self,
        visitor: VisitorIdentity,
        id: AttachmentId,
    ) -> Result<Option<Attachment>, StoreError> {
        self.pool
            .read(move |conn| match visitors::find(conn, &visitor)? {
                Some(visitor) => of_visitor(conn, visitor, id),
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
        self.pool
            .read(move |conn| {
                let Some(visitor) = visitors::find(conn, &visitor)? else { return Ok(None) };
                let own = "visitor_id = ?1 AND id = ?2";
                let received = "id = ?2 AND message_id IS NOT NULL AND conversation_id =
                    (SELECT conversation.id FROM conversation WHERE conversation.visitor_id = ?1)";
                let key = params![visitor, id.0];
                match with_bytes(conn, own, key)? {
                    None => with_bytes(conn, received, key),
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
        self.pool
            .read(move |conn| {
                if conversations::place(conn, workspace, conversation)?.is_none() {
                    return Ok(None);
                }
                with_bytes(conn, "conversation_id = ?1 AND id = ?2", params![conversation.0, id.0])
            })
            .await
    }

    /// The bytes of an attachment of a conversation; `None` if it is gone.
    pub async fn attachment_bytes(
        &self,
        conversation: ConversationId,
        id: AttachmentId,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        self.pool
            .read(move |conn| {
                let mut statement = conn.prepare_cached(
                    "SELECT bytes FROM attachment JOIN attachment_bytes USING (number)
                     WHERE conversation_id = ? AND id = ?",
                )?;
                let bytes = statement.query_row(params![conversation.0, id.0], |row| row.get(0));
                Ok(bytes.optional()?)
            })
            .await
    }

    /// What [`Store::keep_extract`] has kept of a document; `None` if that is nothing.
    pub async fn attachment_extract(
        &self,
        conversation: ConversationId,
        id: AttachmentId,
    ) -> Result<Option<String>, StoreError> {
        self.pool
            .read(move |conn| {
                let mut statement = conn.prepare_cached(
                    "SELECT extract FROM attachment WHERE conversation_id = ? AND id = ?",
                )?;
                let kept = statement.query_row(params![conversation.0, id.0], |row| row.get(0));
                Ok(kept.optional()?.flatten())
            })
            .await
    }

    /// Keeps what a document says, so that it is read once.
    pub async fn keep_extract(
        &self,
        conversation: ConversationId,
        id: AttachmentId,
        text: String,
    ) -> Result<(), StoreError> {
        self.pool
            .write(move |conn| {
                conn.prepare_cached(
                    "UPDATE attachment SET extract = ? WHERE conversation_id = ? AND id = ?",
                )?
                .execute(params![text, conversation.0, id.0])?;
                Ok(())
            })
            .await
    }

    /// Keeps what a voice message says, unless that is known already.
    pub async fn keep_transcript(
        &self,
        conversation: ConversationId,
        id: AttachmentId,
        transcript: String,
    ) -> Result<(), StoreError> {
        self.pool
            .write(move |conn| {
                conn.prepare_cached(
                    "UPDATE attachment SET transcript = ?1
                     WHERE conversation_id = ?2 AND id = ?3 AND transcript IS NULL",
                )?
                .execute(params![transcript, conversation.0, id.0])?;
                Ok(())
            })
            .await
    }

    /// Deletes uploads from before a moment that no message carries, and visitors who have
    /// nothing else here.
    pub async fn sweep_attachments(&self, before: Timestamp) -> Result<usize, StoreError> {
        self.pool
            .write(move |conn| {
                let visitors = conn
                    .prepare_cached(
                        "DELETE FROM attachment WHERE message_id IS NULL AND created_at < ?
                         RETURNING visitor_id",
                    )?
                    .query_map([before.0], |row| row.get::<_, Option<i64>>(0))?
                    .collect::<Result<Vec<_>, _>>()?;
                let mut forget = conn.prepare_cached(
                    "DELETE FROM visitor WHERE id = ?1
                         AND NOT EXISTS (SELECT 1 FROM conversation WHERE visitor_id = ?1)
                         AND NOT EXISTS (SELECT 1 FROM attachment WHERE visitor_id = ?1)",
                )?;
                for visitor in visitors.iter().flatten() {
                    forget.execute([visitor])?;
                }
                Ok(visitors.len())
            })
            .await
    }
}

impl NewAttachment {
    fn described(self) -> Attachment {
        Attachment {
            id: self.id,
            name: self.name,
            media_type: self.media_type,
            size: u32::try_from(self.bytes.len()).unwrap_or(u32::MAX),
            content: self.content,
        }
    }
}

/// The place of the first attachment that this author cannot send with a message of this
/// conversation, which may not exist yet.
pub(crate) fn unknown(
    conn: &Connection,
    author: Author,
    conversation: Option<ConversationId>,
    ids: &[AttachmentId],
) -> Result<Option<UnknownAttachment>, StoreError> {
    for (place, id) in ids.iter().enumerate() {
        let twice = ids[..place].contains(id);
        if twice || !can_send(conn, author, conversation, *id)? {
            return Ok(Some(UnknownAttachment(place)));
        }
    }
    Ok(None)
}

/// Puts uploads, which [`unknown`] has let pass, into a message.
pub(crate) fn send(
    conn: &Connection,
    author: Author,
    conversation: ConversationId,
    message: MessageId,
    ids: &[AttachmentId],
) -> Result<Vec<Attachment>, StoreError> {
    let (visitor, operator) = author.columns();
    let sql = format!(
        "UPDATE attachment SET conversation_id = ?1, message_id = ?2, place = ?3
         WHERE id = ?4 AND message_id IS NULL
             AND (visitor_id = ?5 OR (user_id = ?6 AND conversation_id = ?1))
         RETURNING {COLUMNS}"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let sent = ids.iter().zip(0_i64..).map(|(id, place)| {
        let values = params![conversation.0, message.0, place, id.0, visitor, operator];
        Ok(statement.query_row(values, read)?)
    });
    sent.collect()
}

/// Gives messages of one conversation, in rising order, what came with them.
pub(crate) fn fill(
    conn: &Connection,
    conversation: ConversationId,
    messages: &mut [Message],
) -> Result<(), StoreError> {
    let sql = format!(
        "SELECT {COLUMNS}, message_id FROM attachment
         WHERE conversation_id = ? AND message_id IS NOT NULL ORDER BY message_id, place"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([conversation.0])?;
    while let Some(row) = rows.next()? {
        let id = row::id(row, 8, MessageId)?;
        if let Some(message) = messages.iter_mut().find(|message| message.id == id) {
            message.attachments.push(read(row)?);
        }
    }
    Ok(())
}

/// Moves what came with the messages that were moved, before the emptied conversation goes.
pub(crate) fn follow_messages(
    conn: &Connection,
    from: ConversationId,
    into: ConversationId,
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "UPDATE OR IGNORE attachment SET conversation_id = ?2 WHERE conversation_id = ?1
             AND NOT EXISTS (SELECT 1 FROM message
                 WHERE message.conversation_id = ?1 AND message.id = message_id)",
    )?
    .execute(params![from.0, into.0])?;
    Ok(())
}

/// Makes one visitor's uploads another's.
pub(crate) fn adopt(conn: &Connection, from: i64, into: i64) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE OR IGNORE attachment SET visitor_id = ?2 WHERE visitor_id = ?1")?
        .execute([from, into])?;
    Ok(())
}

impl Author {
    fn columns(self) -> (Option<i64>, Option<uuid::Uuid>) {
        match self {
            Self::Visitor(visitor) => (Some(visitor), None),
            Self::Operator(UserId(user)) => (None, Some(user)),
        }
    }
}

fn can_send(
    conn: &Connection,
    author: Author,
    conversation: Option<ConversationId>,
    id: AttachmentId,
) -> Result<bool, StoreError> {
    let (visitor, operator) = author.columns();
    let waits = conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM attachment WHERE id = ?1 AND message_id IS NULL
                 AND (visitor_id = ?2 OR (user_id = ?3 AND conversation_id = ?4)))",
        )?
        .query_row(params![id.0, visitor, operator, conversation.map(|c| c.0)], |row| row.get(0))?;
    // A visitor could choose the id of something that an operator has sent here.
    let clashes = match (author, conversation) {
        (Author::Visitor(_), Some(conversation)) => is_taken(conn, conversation, id)?,
        _ => false,
    };
    Ok(waits && !clashes)
}

fn is_taken(
    conn: &Connection,
    conversation: ConversationId,
    id: AttachmentId,
) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM attachment WHERE conversation_id = ? AND id = ?)";
    let key = params![conversation.0, id.0];
    Ok(conn.prepare_cached(sql)?.query_row(key, |row| row.get(0))?)
}

fn insert(
    conn: &Connection,
    author: Author,
    conversation: Option<ConversationId>,
    new: &NewAttachment,
) -> Result<(), StoreError> {
    let (visitor, operator) = author.columns();
    let (mut width, mut height, mut seconds) = (None, None, None);
    match &new.content {
        AttachmentContent::Image { width: w, height: h } => (width, height) = (Some(*w), Some(*h)),
        AttachmentContent::Voice { seconds: s, .. } => seconds = Some(*s),
        AttachmentContent::File => {}
    }
    let number: i64 = conn
        .prepare_cached(
            "INSERT INTO attachment (id, visitor_id, user_id, conversation_id, name, media_type,
                                     size, width, height, seconds, created_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING number",
        )?
        .query_row(
            params![
                new.id.0,
                visitor,
                operator,
                conversation.map(|conversation| conversation.0),
                new.name,
                new.media_type,
                new.bytes.len() as i64,
                width,
                height,
                seconds,
                new.now.0,
            ],
            |row| row.get(0),
        )?;
    conn.prepare_cached("INSERT INTO attachment_bytes (number, bytes) VALUES (?, ?)")?
        .execute(params![number, new.bytes])?;
    Ok(())
}

/// Deletes the oldest unsent uploads but `?2`.
fn make_room(
    conn: &Connection,
    whose: &'static str,
    values: impl Params,
) -> Result<(), StoreError> {
    let sql = format!(
        "DELETE FROM attachment WHERE number IN
             (SELECT number FROM attachment WHERE {whose} AND message_id IS NULL
              ORDER BY number DESC LIMIT -1 OFFSET ?2)"
    );
    conn.prepare_cached(&sql)?.execute(values)?;
    Ok(())
}

fn of_visitor(
    conn: &Connection,
    visitor: i64,
    id: AttachmentId,
) -> Result<Option<Attachment>, StoreError> {
    one(conn, "visitor_id = ?1 AND id = ?2", params![visitor, id.0])
}

fn one(
    conn: &Connection,
    which: &'static str,
    values: impl Params,
) -> Result<Option<Attachment>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM attachment WHERE {which}");
    Ok(conn.prepare_cached(&sql)?.query_row(values, read).optional()?)
}

fn with_bytes(
    conn: &Connection,
    which: &'static str,
    values: impl Params,
) -> Result<Option<StoredAttachment>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS}, bytes FROM attachment JOIN attachment_bytes USING (number)
         WHERE {which}"
    );
    let found = conn.prepare_cached(&sql)?.query_row(values, |row| {
        Ok(StoredAttachment { attachment: read(row)?, bytes: row.get(8)? })
    });
    Ok(found.optional()?)
}

/// An attachment from a row that begins with [`COLUMNS`].
fn read(row: &Row<'_>) -> rusqlite::Result<Attachment> {
    let media_type: String = row.get(2)?;
    let content = if media_type.starts_with("image/") {
        AttachmentContent::Image { width: row.get(4)?, height: row.get(5)? }
    } else if media_type.starts_with("audio/") {
        AttachmentContent::Voice { seconds: row.get(6)?, transcript: row.get(7)? }
    } else {
        AttachmentContent::File
    };
    Ok(Attachment {
        id: row::id(row, 0, AttachmentId)?,
        name: row.get(1)?,
        media_type,
        size: row.get(3)?,
        content,
    })
}

#[cfg(test)]
mod tests;
