use axum::extract::State;
use axum::http::StatusCode;
use cavuer_protocol::notice;
use cavuer_protocol::{AgentId, FunctionId};

use crate::App;
use crate::answers::{ApiError, ApiResult};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;

/// Deletes a function. What it was called for stays in the conversations.
///
/// Members of the workspace may call.
#[utoipa::path(
    delete, path = "/workspaces/{workspace}/agents/{agent}/functions/{function}",
    tag = "functions",
    params(("workspace" = String, Path), ("agent" = String, Path), ("function" = String, Path)),
    responses((status = 204, description = "Deleted."), refusals::ForMembers),
)]
pub(crate) async fn delete_function(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(agent): Id<AgentId>,
    Id(function): Id<FunctionId>,
) -> ApiResult<StatusCode> {
    if !app.engine.store.delete_function(workspace.id, agent, function).await? {
        return Err(ApiError::NotFound(notice::no_such_function()));
    }
    Ok(StatusCode::NO_CONTENT)
}
