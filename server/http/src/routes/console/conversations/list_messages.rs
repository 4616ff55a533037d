use axum::Json;
use axum::extract::State;
use cavuer_protocol::ConversationId;
use cavuer_protocol::notice;
use cavuer_protocol::widget::OlderMessages;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::App;
use crate::answers::{ApiError, ApiResult};
use crate::extract::{Id, QueryParameters};
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::shown;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct MessagesWanted {
    /// Only messages before this `seq`; without it, the newest.
    before: Option<i64>,
}

/// A page of a conversation's messages, in rising order.
///
/// Members of the workspace may call.
#[utoipa::path(
    get, path = "/workspaces/{workspace}/conversations/{conversation}/messages",
    tag = "conversations",
    params(("workspace" = String, Path), ("conversation" = String, Path), MessagesWanted),
    responses((status = 200, body = OlderMessages), refusals::ForMembers),
)]
pub(crate) async fn list_conversation_messages(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(conversation): Id<ConversationId>,
    QueryParameters(MessagesWanted { before }): QueryParameters<MessagesWanted>,
) -> ApiResult<Json<OlderMessages>> {
    let before = before.unwrap_or(i64::MAX);
    let page = app.engine.store.messages_before(workspace.id, conversation, before).await?;
    let page = page.ok_or(ApiError::NotFound(notice::no_such_conversation()))?;
    Ok(Json(shown::older_messages(page)))
}
