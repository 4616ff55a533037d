use axum::Json;
use axum::extract::State;
use cavuer_protocol::Timestamp;
use cavuer_protocol::console::ConversationList;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::App;
use crate::answers::ApiResult;
use crate::extract::QueryParameters;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::shown;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ConversationsWanted {
    /// Only conversations where the visitor's id, name or e-mail address or a message contains it.
    q: Option<String>,
    /// Only conversations whose newest activity was before; the last page's `next`.
    #[param(value_type = Option<i64>)]
    before: Option<Timestamp>,
    /// `true` for those that want a person, all at once; the other parameters have no say then.
    #[serde(default)]
    #[param(value_type = Option<bool>)]
    waiting: bool,
}

/// The workspace's conversations page by page: first those that want a person, whoever wants one
/// longest at the top, and then the others, newest activity first.
///
/// Members of the workspace may call.
#[utoipa::path(
    get, path = "/workspaces/{workspace}/conversations", tag = "conversations",
    params(("workspace" = String, Path), ConversationsWanted),
    responses((status = 200, body = ConversationList), refusals::ForMembers),
)]
pub(crate) async fn list_conversations(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    QueryParameters(ConversationsWanted { q, before, waiting }): QueryParameters<
        ConversationsWanted,
    >,
) -> ApiResult<Json<ConversationList>> {
    if waiting {
        let conversations = app.engine.store.conversations_wanting_people(workspace.id).await?;
        let conversations = conversations.into_iter().map(shown::conversation_summary).collect();
        return Ok(Json(ConversationList { conversations, next: None }));
    }
    let query = q.filter(|q| !q.trim().is_empty());
    let page = app.engine.store.conversation_summaries(workspace.id, query, before).await?;
    Ok(Json(shown::conversation_list(page)))
}
