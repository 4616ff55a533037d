use axum::Json;
use axum::extract::State;
use cavuer_protocol::ConversationId;
use cavuer_protocol::console::AnswerUsage;
use cavuer_protocol::notice;

use crate::App;
use crate::answers::{ApiError, ApiResult};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::shown;

/// What the agent's answers in a conversation took, oldest first.
///
/// Members of the workspace may call.
#[utoipa::path(
    get, path = "/workspaces/{workspace}/conversations/{conversation}/usage",
    tag = "conversations",
    params(("workspace" = String, Path), ("conversation" = String, Path)),
    responses((status = 200, body = Vec<AnswerUsage>), refusals::ForMembers),
)]
pub(crate) async fn get_conversation_usage(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(conversation): Id<ConversationId>,
) -> ApiResult<Json<Vec<AnswerUsage>>> {
    let usage = app.engine.store.conversation_usage(workspace.id, conversation).await?;
    let usage = usage.ok_or(ApiError::NotFound(notice::no_such_conversation()))?;
    Ok(Json(usage.into_iter().map(shown::answer_usage).collect()))
}
