use axum::extract::State;
use axum::http::StatusCode;
use cavuer_protocol::ConversationId;

use crate::App;
use crate::answers::ApiResult;
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::conversations;

/// Makes the caller responsible for a conversation: the agent is silent until it is handed back.
///
/// Members of the workspace may call.
#[utoipa::path(
    post, path = "/workspaces/{workspace}/conversations/{conversation}/take-over",
    tag = "conversations",
    params(("workspace" = String, Path), ("conversation" = String, Path)),
    responses((status = 204, description = "Taken over."), refusals::ForMembers),
)]
pub(crate) async fn take_over(
    State(app): State<App>,
    Member { user, workspace, .. }: Member,
    Id(conversation): Id<ConversationId>,
) -> ApiResult<StatusCode> {
    conversations::take_over(&app.engine.conversations, workspace.id, conversation, &user.name)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
