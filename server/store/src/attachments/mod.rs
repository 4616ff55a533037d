//! Attachments: uploads that wait for their message, and what messages carry.

mod merging;
mod reading;
mod sending;
mod sweeping;
mod texts;
mod uploading;

use cavuer_protocol::{Attachment, AttachmentContent, AttachmentId, ConversationId, UserId};

use crate::StoreError;
use crate::sql::{Param, Row, Sql, params};

pub(crate) use merging::{adopt, follow_messages};
pub use reading::StoredAttachment;
pub(crate) use reading::fill;
pub use sending::UnknownAttachment;
pub(crate) use sending::{send, unknown};
pub use uploading::{NewAttachment, Uploader};

/// What [`read`] reads.
const COLUMNS: &str = "id, name, media_type, size, width, height, seconds, transcript";

/// Whose an upload is.
#[derive(Clone, Copy)]
pub(crate) enum UploadOwner {
    /// The visitor's row.
    Visitor(i64),
    Operator(UserId),
}

impl UploadOwner {
    /// What is stored in `visitor_id` and `user_id`.
    fn columns(self) -> (Option<i64>, Option<UserId>) {
        match self {
            Self::Visitor(visitor) => (Some(visitor), None),
            Self::Operator(user) => (None, Some(user)),
        }
    }
}

fn of_visitor(
    sql: &dyn Sql,
    visitor: i64,
    id: AttachmentId,
) -> Result<Option<Attachment>, StoreError> {
    one(sql, "visitor_id = ?1 AND id = ?2", params![visitor, id])
}

fn one(
    sql: &dyn Sql,
    which: &'static str,
    values: &[Param<'_>],
) -> Result<Option<Attachment>, StoreError> {
    let statement = format!("SELECT {COLUMNS} FROM attachment WHERE {which}");
    sql.row(&statement, values, read)
}

/// Whether something in a conversation has this id already, be it sent or an operator's upload.
fn is_taken(
    sql: &dyn Sql,
    conversation: ConversationId,
    id: AttachmentId,
) -> Result<bool, StoreError> {
    sql.only_value(
        "SELECT EXISTS (SELECT 1 FROM attachment WHERE conversation_id = ?1 AND id = ?2)",
        params![conversation, id],
    )
}

/// An attachment from a row with [`COLUMNS`].
fn read(row: &mut Row) -> Result<Attachment, StoreError> {
    let media_type: String = row.get("media_type")?;
    let content = if media_type.starts_with("image/") {
        AttachmentContent::Image { width: row.get("width")?, height: row.get("height")? }
    } else if media_type.starts_with("audio/") {
        AttachmentContent::Voice {
            seconds: row.get("seconds")?,
            transcript: row.get("transcript")?,
        }
    } else {
        AttachmentContent::File
    };
    Ok(Attachment {
        id: row.get("id")?,
        name: row.get("name")?,
        media_type,
        size: row.get("size")?,
        content,
    })
}

#[cfg(test)]
mod tests;
