use axum::Json;
use axum::extract::State;
use cavuer_protocol::console::{FunctionResult, TryFunction};
use cavuer_protocol::{AgentId, FunctionId};

use crate::App;
use crate::answers::{ApiResult, Body};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::functions;

/// Calls a function as a model would, and shows what the model would be told.
///
/// Members of the workspace may call.
#[utoipa::path(
    post, path = "/workspaces/{workspace}/agents/{agent}/functions/{function}/try",
    tag = "functions", request_body = TryFunction,
    params(("workspace" = String, Path), ("agent" = String, Path), ("function" = String, Path)),
    responses((status = 200, body = FunctionResult), refusals::ForMembers, refusals::OfContent),
)]
pub(crate) async fn try_function(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(agent): Id<AgentId>,
    Id(function): Id<FunctionId>,
    Body(wanted): Body<TryFunction>,
) -> ApiResult<Json<FunctionResult>> {
    Ok(Json(
        functions::try_out(&app.engine.functions, workspace.id, agent, function, &wanted).await?,
    ))
}
