use axum::extract::State;
use axum::http::StatusCode;
use cavuer_protocol::ConversationId;

use crate::App;
use crate::answers::ApiResult;
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::conversations;

/// Makes the agent responsible for a conversation again.
///
/// Members of the workspace may call.
#[utoipa::path(
    post, path = "/workspaces/{workspace}/conversations/{conversation}/hand-back",
    tag = "conversations",
    params(("workspace" = String, Path), ("conversation" = String, Path)),
    responses((status = 204, description = "Handed back."), refusals::ForMembers),
)]
pub(crate) async fn hand_back(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(conversation): Id<ConversationId>,
) -> ApiResult<StatusCode> {
    conversations::hand_back(&app.engine.conversations, workspace.id, conversation).await?;
    Ok(StatusCode::NO_CONTENT)
}
