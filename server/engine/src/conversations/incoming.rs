//! What comes in, whatever the kind of the channel that it comes by.

use cavuer_protocol::AttachmentId;
use cavuer_protocol::MessageId;
use cavuer_store::{ChannelRecord, VisitorIdentity, VisitorKind};

use super::ConversationRefused;

/// Who sends something. Whoever calls has proven it, in the way of the channel's kind.
#[derive(Clone, Debug)]
pub struct Sender {
    /// In the channel that it is sent to.
    pub visitor: VisitorIdentity,
    /// For a guest with a key: its SHA-256, which is stored with the first message.
    pub key_hash: Option<Vec<u8>>,
    /// What the site says about its user.
    pub name: Option<String>,
    /// What the site says about its user; as with the name, `None` leaves what is stored.
    pub email: Option<String>,
}

/// A message on its way in.
#[derive(Clone)]
pub struct Incoming {
    /// Where it comes in, as the store had it when the sender was let in.
    pub channel: ChannelRecord,
    /// Guests are refused where the channel requires identification.
    pub sender: Sender,
    /// Made by whoever sends it; a repeat of the same id is the same message.
    pub id: MessageId,
    /// As it was typed; blank only beside attachments, else refused.
    pub text: String,
    /// Uploads that go with it.
    pub attachments: Vec<AttachmentId>,
    /// The sender's language, a BCP 47 tag.
    pub language: String,
}

impl Sender {
    /// # Errors
    /// If the channel only takes messages from identified users, and this is a guest. Enforced
    /// here, where messages come into being.
    pub(super) fn may_write_to(&self, channel: &ChannelRecord) -> Result<(), ConversationRefused> {
        let is_guest = self.visitor.kind == VisitorKind::Guest;
        if channel.require_identification && is_guest {
            return Err(ConversationRefused::IdentificationRequired);
        }
        Ok(())
    }
}
