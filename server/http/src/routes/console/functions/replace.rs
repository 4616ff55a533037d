use axum::Json;
use axum::extract::State;
use cavuer_protocol::console::{Function, SaveFunction};
use cavuer_protocol::{AgentId, FunctionId};

use crate::App;
use crate::answers::{ApiResult, Body};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::functions;

/// Replaces a function. Headers that come without a value keep theirs; those that do not come go.
///
/// Members of the workspace may call.
#[utoipa::path(
    put, path = "/workspaces/{workspace}/agents/{agent}/functions/{function}", tag = "functions",
    request_body = SaveFunction,
    params(("workspace" = String, Path), ("agent" = String, Path), ("function" = String, Path)),
    responses((status = 200, body = Function), refusals::ForMembers, refusals::OfContent),
)]
pub(crate) async fn replace_function(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(agent): Id<AgentId>,
    Id(function): Id<FunctionId>,
    Body(wanted): Body<SaveFunction>,
) -> ApiResult<Json<Function>> {
    let replaced =
        functions::replace(&app.engine.functions, workspace.id, agent, function, wanted).await?;
    Ok(Json(replaced))
}
