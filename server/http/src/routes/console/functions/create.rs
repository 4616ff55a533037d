use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use cavuer_protocol::AgentId;
use cavuer_protocol::console::{Function, SaveFunction};

use crate::App;
use crate::answers::{ApiResult, Body};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::functions;

/// Gives an agent a function.
///
/// Members of the workspace may call.
#[utoipa::path(
    post, path = "/workspaces/{workspace}/agents/{agent}/functions", tag = "functions",
    request_body = SaveFunction,
    params(("workspace" = String, Path), ("agent" = String, Path)),
    responses((status = 201, body = Function), refusals::ForMembers, refusals::OfContent),
)]
pub(crate) async fn create_function(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(agent): Id<AgentId>,
    Body(wanted): Body<SaveFunction>,
) -> ApiResult<(StatusCode, Json<Function>)> {
    let function = functions::create(&app.engine.functions, workspace.id, agent, wanted).await?;
    Ok((StatusCode::CREATED, Json(function)))
}
