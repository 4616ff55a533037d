//! What attachments say, once it has been made into text.

use cavuer_protocol::{AttachmentId, ConversationId};

use crate::sql::{Lock, params};
use crate::{Store, StoreError};

impl Store {
    /// What [`Store::keep_extract`] has kept of a document; `None` if that is nothing.
    pub async fn attachment_extract(
        &self,
        conversation: ConversationId,
        id: AttachmentId,
    ) -> Result<Option<String>, StoreError> {
        self.database
            .read(move |sql| {
                let kept = sql.value::<Option<String>>(
                    "SELECT attachment.extract FROM attachment
                     WHERE conversation_id = ?1 AND id = ?2",
                    params![conversation, id],
                )?;
                Ok(kept.flatten())
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
        self.database
            .write(move |sql| {
                sql.lock(Lock::Conversation(conversation))?;
                sql.execute(
                    "UPDATE attachment SET extract = ?1 WHERE conversation_id = ?2 AND id = ?3",
                    params![text, conversation, id],
                )?;
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
        self.database
            .write(move |sql| {
                sql.lock(Lock::Conversation(conversation))?;
                sql.execute(
                    "UPDATE attachment SET transcript = ?1
                     WHERE conversation_id = ?2 AND id = ?3 AND transcript IS NULL",
                    params![transcript, conversation, id],
                )?;
                Ok(())
            })
            .await
    }
}
