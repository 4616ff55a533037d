use axum::extract::State;
use axum::http::StatusCode;
use cavuer_protocol::ChannelId;
use cavuer_protocol::notice;

use crate::App;
use crate::answers::{ApiError, ApiResult};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;

/// Deletes a channel with its conversations.
///
/// Members of the workspace may call.
#[utoipa::path(
    delete, path = "/workspaces/{workspace}/channels/{channel}", tag = "channels",
    params(("workspace" = String, Path), ("channel" = String, Path)),
    responses((status = 204, description = "Deleted."), refusals::ForMembers),
)]
pub(crate) async fn delete_channel(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(channel): Id<ChannelId>,
) -> ApiResult<StatusCode> {
    if !app.engine.store.delete_channel(workspace.id, channel).await? {
        return Err(ApiError::NotFound(notice::no_such_channel()));
    }
    Ok(StatusCode::NO_CONTENT)
}
