use axum::Json;
use axum::extract::State;
use cavuer_protocol::console::{FunctionResult, TryFunction};
use cavuer_protocol::{AgentId, FunctionId};
use serde_json::{Map, Value};

use crate::App;
use crate::answers::{ApiError, ApiResult, Body};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::functions::{self, Callable};

/// Calls a function as a model would, and shows what the model would be told.
///
/// Members of the workspace may call.
#[utoipa::path(
    post, path = "/workspaces/{workspace}/agents/{agent}/functions/{function}/try",
    tag = "functions", request_body = TryFunction,
    params(("workspace" = String, Path), ("agent" = String, Path), ("function" = String, Path)),
    responses((status = 200, body = FunctionResult), refusals::ForMembers, refusals::OfContent),
)]
pub async fn try_function(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(agent): Id<AgentId>,
    Id(function): Id<FunctionId>,
    Body(TryFunction { arguments }): Body<TryFunction>,
) -> ApiResult<Json<FunctionResult>> {
    let stored = app.engine.store.function(workspace.id, agent, function).await?;
    let stored = stored.ok_or(ApiError::NotFound("function"))?;
    let callable =
        Callable::open(&app.engine, &stored).map_err(|why| ApiError::field("headers", why))?;
    let arguments: Map<String, Value> = serde_json::from_str(&arguments).map_err(|error| {
        ApiError::field("arguments", format!("Write one JSON object. {error}."))
    })?;
    let bad = |why| ApiError::field("arguments", why);
    callable.parameters.check(&arguments).map_err(bad)?;
    let began = app.engine.clock.now();
    let answer = functions::call(&app.engine.outbound, &callable, &arguments).await;
    let millis = app.engine.clock.now().millis_since(began).max(0).unsigned_abs();
    Ok(Json(FunctionResult { ok: answer.ok, text: answer.text, millis }))
}
