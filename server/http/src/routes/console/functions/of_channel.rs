use axum::Json;
use axum::extract::State;
use cavuer_protocol::ChannelId;
use cavuer_protocol::console::ChannelFunction;
use cavuer_protocol::notice;

use crate::App;
use crate::answers::{ApiError, ApiResult};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::shown;

/// The functions of a channel's agent, and whether the channel may use them.
///
/// Members of the workspace may call.
#[utoipa::path(
    get, path = "/workspaces/{workspace}/channels/{channel}/functions", tag = "functions",
    params(("workspace" = String, Path), ("channel" = String, Path)),
    responses((status = 200, body = Vec<ChannelFunction>), refusals::ForMembers),
)]
pub(crate) async fn list_channel_functions(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(channel): Id<ChannelId>,
) -> ApiResult<Json<Vec<ChannelFunction>>> {
    let functions = app.engine.store.channel_functions(workspace.id, channel).await?;
    let functions = functions.ok_or(ApiError::NotFound(notice::no_such_channel()))?;
    Ok(Json(functions.into_iter().map(shown::channel_function).collect()))
}
