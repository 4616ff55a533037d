use axum::extract::State;
use axum::http::StatusCode;
use cavuer_protocol::AgentId;
use cavuer_protocol::notice;

use crate::App;
use crate::answers::{ApiError, ApiResult};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;

/// Deletes an agent with its channels and their conversations. Articles stay.
///
/// Members of the workspace may call.
#[utoipa::path(
    delete, path = "/workspaces/{workspace}/agents/{agent}", tag = "agents",
    params(("workspace" = String, Path), ("agent" = String, Path)),
    responses((status = 204, description = "Deleted."), refusals::ForMembers),
)]
pub(crate) async fn delete_agent(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(agent): Id<AgentId>,
) -> ApiResult<StatusCode> {
    if !app.engine.store.delete_agent(workspace.id, agent).await? {
        return Err(ApiError::NotFound(notice::no_such_agent()));
    }
    Ok(StatusCode::NO_CONTENT)
}
