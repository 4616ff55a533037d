//! Conversations, as the people of a workspace see them and take part in them.

pub mod create_attachment;
pub mod delete;
pub mod get;
pub mod get_attachment;
pub mod get_usage;
pub mod hand_back;
pub mod list;
pub mod list_messages;
pub mod post_message;
pub mod take_over;

use cavuer_protocol::notice;

use crate::answers::ApiError;
use cavuer_engine::conversations::Refused;

impl From<Refused> for ApiError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NotFound => Self::NotFound(notice::no_such_conversation()),
            Refused::IdentificationRequired => Self::IdentificationRequired,
            Refused::Invalid(field) => Self::Invalid(vec![field]),
            Refused::Upload(refused) => refused.into(),
            Refused::Store(error) => error.into(),
        }
    }
}
