//! Identifiers. All are UUIDs of version 7 (RFC 9562), so they sort by the time they were made.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, format = "uuid"))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// Makes an id for a moment (milliseconds since the Unix epoch) from ten random bytes.
            ///
            /// Time and randomness are the caller's, so that tests can choose both.
            pub fn from_parts(unix_millis: u64, random: &[u8; 10]) -> Self {
                Self(uuid::Builder::from_unix_timestamp_millis(unix_millis, random).into_uuid())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::from_str(text).map(Self)
            }
        }
    };
}

id!(
    /// A workspace: the tenant that owns agents, channels, articles and conversations.
    WorkspaceId
);
id!(
    /// A person who signs in to the console.
    UserId
);
id!(
    /// An agent: model, instruction and knowledge behind one or more channels.
    AgentId
);
id!(
    /// A channel: one place where visitors meet an agent.
    ChannelId
);
id!(
    /// A knowledge article.
    ArticleId
);
id!(
    /// The one chat that a visitor has in a channel.
    ConversationId
);
id!(
    /// A message. Visitors' clients choose it, so that a repeated post is recognised.
    MessageId
);
id!(
    /// A function that an agent's model may ask for.
    FunctionId
);
id!(
    /// One call of a function.
    CallId
);
id!(
    /// A file or an image in a conversation. Clients choose it, so that a repeated upload is
    /// recognised.
    AttachmentId
);
id!(
    /// One piece of work of an agent: the answer to everything asked since its last answer.
    TurnId
);
id!(
    /// A model provider that a workspace has set up.
    ProviderId
);
