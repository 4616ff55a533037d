use serde::{Deserialize, Serialize};

use crate::AttachmentId;

/// What came along with a message. Its bytes are fetched on their own, from `attachments/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attachment {
    /// Chosen by the client that uploaded it; names the file in `attachments/{id}`.
    pub id: AttachmentId,
    /// The file's name as people may see it; its ending says what the content is.
    pub name: String,
    /// What the content is, found out by looking at it: for example `image/png`.
    pub media_type: String,
    /// Size in bytes.
    pub size: u32,
    /// Picture, voice message or file, with what is known of each.
    pub content: AttachmentContent,
}

/// How an attachment is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AttachmentContent {
    /// A picture.
    Image {
        /// In pixels, as it is shown: the server has turned it upright.
        width: u32,
        /// In pixels, as it is shown.
        height: u32,
    },
    /// Something to download.
    File,
    /// A voice message.
    Voice {
        /// How long it is, as the client that recorded it says.
        seconds: u32,
        /// What was said, once it has been made into text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        transcript: Option<String>,
    },
}
