use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use cavuer_protocol::console::{Function, SaveFunction};
use cavuer_protocol::{AgentId, FunctionId};

use super::{accept, stored};
use crate::App;
use crate::answers::{ApiResult, Body};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;

/// Gives an agent a function.
///
/// Members of the workspace may call.
#[utoipa::path(
    post, path = "/workspaces/{workspace}/agents/{agent}/functions", tag = "functions",
    request_body = SaveFunction,
    params(("workspace" = String, Path), ("agent" = String, Path)),
    responses((status = 201, body = Function), refusals::ForMembers, refusals::OfContent),
)]
pub async fn create_function(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(agent): Id<AgentId>,
    Body(wanted): Body<SaveFunction>,
) -> ApiResult<(StatusCode, Json<Function>)> {
    let now = app.engine.clock.now();
    let id = app.engine.random.id(now, FunctionId::from_parts);
    let (function, headers) = accept(&app, id, wanted)?;
    let outcome =
        app.engine.store.create_function(workspace.id, agent, function, headers, now).await?;
    Ok((StatusCode::CREATED, Json(stored(outcome, "agent")?.shown())))
}
