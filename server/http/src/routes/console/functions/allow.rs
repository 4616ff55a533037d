use axum::Json;
use axum::extract::State;
use cavuer_protocol::ChannelId;
use cavuer_protocol::console::{ChannelFunction, ForbidFunctions};
use cavuer_protocol::notice;

use crate::App;
use crate::answers::{ApiError, ApiResult, Body};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::shown;

/// Forbids a channel some functions of its agent, and allows it all others. Ids of functions that
/// the agent does not have are left out.
///
/// Members of the workspace may call.
#[utoipa::path(
    put, path = "/workspaces/{workspace}/channels/{channel}/functions", tag = "functions",
    request_body = ForbidFunctions,
    params(("workspace" = String, Path), ("channel" = String, Path)),
    responses(
        (status = 200, body = Vec<ChannelFunction>), refusals::ForMembers, refusals::OfContent
    ),
)]
pub(crate) async fn forbid_channel_functions(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(channel): Id<ChannelId>,
    Body(ForbidFunctions { forbidden }): Body<ForbidFunctions>,
) -> ApiResult<Json<Vec<ChannelFunction>>> {
    let functions = app.engine.store.forbid_functions(workspace.id, channel, forbidden).await?;
    let functions = functions.ok_or(ApiError::NotFound(notice::no_such_channel()))?;
    Ok(Json(functions.into_iter().map(shown::channel_function).collect()))
}
