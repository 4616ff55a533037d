use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use cavuer_protocol::AgentId;
use cavuer_protocol::console::{Agent, AgentSettings, NewAgent};
use cavuer_protocol::limits::NAME_CHARS;

use super::accept_model;
use crate::App;
use crate::answers::{ApiError, ApiResult, Body};
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::checks::Checks;
use cavuer_store::AgentRecord;

/// Makes an agent.
///
/// Members of the workspace may call.
#[utoipa::path(
    post, path = "/workspaces/{workspace}/agents", tag = "agents", request_body = NewAgent,
    params(("workspace" = String, Path)),
    responses((status = 201, body = Agent), refusals::ForMembers, refusals::OfContent),
)]
pub async fn create_agent(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Body(wanted): Body<NewAgent>,
) -> ApiResult<(StatusCode, Json<Agent>)> {
    let mut checks = Checks::default();
    let name = checks.line("name", &wanted.name, NAME_CHARS);
    let model = accept_model(&app, workspace.id, &mut checks, "model", &wanted.model).await?;
    checks.finish().map_err(ApiError::Invalid)?;

    let created_at = app.engine.clock.now();
    let id = app.engine.random.id(created_at, AgentId::from_parts);
    let settings = AgentSettings::new(name, model);
    let record = AgentRecord { id, workspace: workspace.id, settings, created_at };
    let agent = app.engine.store.create_agent(record).await?;
    Ok((StatusCode::CREATED, Json(agent)))
}
