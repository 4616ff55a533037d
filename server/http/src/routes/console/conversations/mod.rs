//! Conversations, as the people of a workspace see them and take part in them.

pub(crate) mod create_attachment;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod get_attachment;
pub(crate) mod get_usage;
pub(crate) mod hand_back;
pub(crate) mod list;
pub(crate) mod list_messages;
pub(crate) mod post_message;
pub(crate) mod take_over;

use cavuer_protocol::notice;

use crate::answers::ApiError;
use cavuer_engine::conversations::ConversationRefused;

impl From<ConversationRefused> for ApiError {
    fn from(refused: ConversationRefused) -> Self {
        match refused {
            ConversationRefused::NotFound => Self::NotFound(notice::no_such_conversation()),
            ConversationRefused::IdentificationRequired => Self::IdentificationRequired,
            ConversationRefused::Invalid(field) => Self::Invalid(vec![field]),
            ConversationRefused::Upload(refused) => refused.into(),
            ConversationRefused::Store(error) => error.into(),
        }
    }
}
