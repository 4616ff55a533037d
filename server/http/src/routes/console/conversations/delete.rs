use axum::extract::State;
use axum::http::StatusCode;
use cavuer_protocol::ConversationId;

use crate::App;
use crate::answers::ApiResult;
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::conversations;

/// Deletes a conversation with its messages and what is known about its visitor, for good.
///
/// Members of the workspace may call. A visitor who writes again begins anew.
#[utoipa::path(
    delete, path = "/workspaces/{workspace}/conversations/{conversation}", tag = "conversations",
    params(("workspace" = String, Path), ("conversation" = String, Path)),
    responses((status = 204, description = "Deleted."), refusals::ForMembers),
)]
pub(crate) async fn delete_conversation(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(conversation): Id<ConversationId>,
) -> ApiResult<StatusCode> {
    conversations::delete(&app.engine.conversations, workspace.id, conversation).await?;
    Ok(StatusCode::NO_CONTENT)
}
