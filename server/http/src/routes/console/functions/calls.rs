use axum::Json;
use axum::extract::State;
use cavuer_protocol::ConversationId;
use cavuer_protocol::console::FunctionCall;
use cavuer_protocol::notice;

use crate::App;
use crate::answers::{ApiError, ApiResult};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::shown;

/// The functions that were called in a conversation: the newest 200 calls, in order.
///
/// Members of the workspace may call.
#[utoipa::path(
    get, path = "/workspaces/{workspace}/conversations/{conversation}/function-calls",
    tag = "functions",
    params(("workspace" = String, Path), ("conversation" = String, Path)),
    responses((status = 200, body = Vec<FunctionCall>), refusals::ForMembers),
)]
pub(crate) async fn list_function_calls(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(conversation): Id<ConversationId>,
) -> ApiResult<Json<Vec<FunctionCall>>> {
    let calls = app.engine.store.function_calls(workspace.id, conversation).await?;
    let calls = calls.ok_or(ApiError::NotFound(notice::no_such_conversation()))?;
    Ok(Json(calls.into_iter().map(shown::function_call).collect()))
}
