//! What the console's endpoints read from a request's address.

use std::str::FromStr;

use axum::extract::{FromRequestParts, Query, RawPathParams};
use axum::http::request::Parts;
use cavuer_protocol::notice::{self, Notice};
use cavuer_protocol::{
    AgentId, ArticleId, AttachmentId, ChannelId, ConversationId, FunctionId, ProviderId,
    WorkspaceId,
};
use serde::de::DeserializeOwned;

use crate::answers::{ApiError, ApiResult};

/// An id from the path, such as the one in the place of `{agent}`. What is no id names nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Id<T>(pub T);

/// An id that paths carry.
pub(crate) trait PathId: FromStr {
    /// The parameter's name in the path.
    const NAME: &'static str;

    /// That there is no such thing.
    fn missing() -> Notice;
}

impl PathId for WorkspaceId {
    const NAME: &'static str = "workspace";

    fn missing() -> Notice {
        notice::no_such_workspace()
    }
}

impl PathId for AgentId {
    const NAME: &'static str = "agent";

    fn missing() -> Notice {
        notice::no_such_agent()
    }
}

impl PathId for ChannelId {
    const NAME: &'static str = "channel";

    fn missing() -> Notice {
        notice::no_such_channel()
    }
}

impl PathId for ArticleId {
    const NAME: &'static str = "article";

    fn missing() -> Notice {
        notice::no_such_article()
    }
}

impl PathId for ProviderId {
    const NAME: &'static str = "provider";

    fn missing() -> Notice {
        notice::no_such_provider()
    }
}

impl PathId for FunctionId {
    const NAME: &'static str = "function";

    fn missing() -> Notice {
        notice::no_such_function()
    }
}

impl PathId for AttachmentId {
    const NAME: &'static str = "attachment";

    fn missing() -> Notice {
        notice::no_such_attachment()
    }
}

impl PathId for ConversationId {
    const NAME: &'static str = "conversation";

    fn missing() -> Notice {
        notice::no_such_conversation()
    }
}

impl<T: PathId, S: Send + Sync> FromRequestParts<S> for Id<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> ApiResult<Self> {
        let parameters = RawPathParams::from_request_parts(parts, state).await;
        let parameters = parameters.map_err(|_| ApiError::NotFound(T::missing()))?;
        let named = parameters.iter().find(|(name, _)| *name == T::NAME);
        let id = named.and_then(|(_, value)| value.parse().ok());
        id.map(Self).ok_or(ApiError::NotFound(T::missing()))
    }
}

/// The query of the address, whose refusals say what is wrong.
#[derive(Clone, Copy, Debug)]
pub(crate) struct QueryParameters<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for QueryParameters<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> ApiResult<Self> {
        match Query::try_from_uri(&parts.uri) {
            Ok(Query(parameters)) => Ok(Self(parameters)),
            Err(error) => Err(ApiError::BadRequest(notice::address_unreadable(error.to_string()))),
        }
    }
}
