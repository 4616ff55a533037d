//! Storing uploads, which wait for their message.

use cavuer_protocol::{
    Attachment, AttachmentContent, AttachmentId, ConversationId, Timestamp, UserId, WorkspaceId,
};

use super::{UploadOwner, is_taken, of_visitor, one};
use crate::sql::{Lock, Param, Sql, params};
use crate::visitors::{self, VisitorIdentity};
use crate::{Store, StoreError, places};

/// Most uploads of one visitor, or of the operators in one conversation, that wait for a message.
/// A newer one takes the place of the oldest.
pub(super) const UNSENT: i64 = 20;

/// An attachment ready to be stored.
#[derive(Clone, Debug)]
pub struct NewAttachment {
    /// Made by the client; with an id that the uploader has used already it is a repeat.
    pub id: AttachmentId,
    /// As people may see it; its ending says what the content is.
    pub name: String,
    /// Found out by looking at the content, whatever the client says.
    pub media_type: String,
    /// An image's width and height, or a recording's seconds; a transcript is not taken from here.
    pub content: AttachmentContent,
    /// The whole content, in the form in which it is kept.
    pub bytes: Vec<u8>,
    /// When it came; an upload that no message carries is swept away by its age.
    pub now: Timestamp,
}

/// The visitor who uploads, as in [`crate::NewMessage`].
#[derive(Clone, Debug)]
pub struct Uploader {
    /// Stored with the upload if nobody is known by it yet.
    pub visitor: VisitorIdentity,
    /// For a guest: SHA-256 of the key, stored with the guest's first upload or message.
    pub key_hash: Option<Vec<u8>>,
    /// What the site says; `None` leaves what is stored.
    pub name: Option<String>,
    /// What the site says; `None` leaves what is stored.
    pub email: Option<String>,
}

impl Store {
    /// Stores a visitor's upload, and the visitor with it, who may not have written yet. A repeat
    /// of the same id returns the attachment stored first.
    pub async fn add_visitor_attachment(
        &self,
        uploader: Uploader,
        new: NewAttachment,
    ) -> Result<Attachment, StoreError> {
        self.database
            .write(move |sql| {
                let about = (uploader.name.as_deref(), uploader.email.as_deref());
                let key_hash = uploader.key_hash.as_deref();
                // This writes the visitor's row and so keeps their other uploads and messages
                // waiting. There is no conversation to lock: the upload belongs to none yet.
                let visitor =
                    visitors::find_or_add(sql, &uploader.visitor, key_hash, about, new.now)?;
                if let Some(first) = of_visitor(sql, visitor, new.id)? {
                    return Ok(first);
                }
                insert(sql, UploadOwner::Visitor(visitor), None, &new)?;
                make_room(sql, "visitor_id = ?1", params![visitor, UNSENT])?;
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
        self.database
            .write(move |sql| {
                sql.lock(Lock::Conversation(conversation))?;
                if places::place(sql, workspace, conversation)?.is_none() {
                    return Ok(None);
                }
                if is_taken(sql, conversation, new.id)? {
                    let own = "conversation_id = ?1 AND id = ?2 AND user_id = ?3";
                    return one(sql, own, params![conversation, new.id, operator]);
                }
                insert(sql, UploadOwner::Operator(operator), Some(conversation), &new)?;
                let of_operators = "conversation_id = ?1 AND visitor_id IS NULL";
                make_room(sql, of_operators, params![conversation, UNSENT])?;
                Ok(Some(new.described()))
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

fn insert(
    sql: &dyn Sql,
    author: UploadOwner,
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
    let number: i64 = sql.only_value(
        "INSERT INTO attachment (id, visitor_id, user_id, conversation_id, name, media_type,
                                 size, width, height, seconds, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) RETURNING number",
        params![
            new.id,
            visitor,
            operator,
            conversation,
            new.name,
            new.media_type,
            new.bytes.len() as i64,
            width,
            height,
            seconds,
            new.now,
        ],
    )?;
    sql.execute(
        "INSERT INTO attachment_bytes (number, bytes) VALUES (?1, ?2)",
        params![number, new.bytes],
    )?;
    Ok(())
}

/// Deletes the oldest unsent uploads but `?2`. Numbers rise in the order of storing, because
/// whoever stores holds the visitor or the conversation.
fn make_room(sql: &dyn Sql, whose: &'static str, values: &[Param<'_>]) -> Result<(), StoreError> {
    let statement = format!(
        "DELETE FROM attachment WHERE {whose} AND message_id IS NULL AND number NOT IN
             (SELECT number FROM attachment WHERE {whose} AND message_id IS NULL
              ORDER BY number DESC LIMIT ?2)"
    );
    sql.execute(&statement, values)?;
    Ok(())
}
