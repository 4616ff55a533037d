use axum::Json;
use axum::extract::State;
use cavuer_protocol::console::{Agent, AgentChanges};
use cavuer_protocol::limits::{
    INSTRUCTION_CHARS, MAX_PASSAGES, NAME_CHARS, RESPONSE_DELAY_SECONDS,
};
use cavuer_protocol::{AgentId, FieldProblem};

use super::accept_model;
use crate::app::App;
use crate::checks::Checks;
use crate::guard::console_session::Member;
use crate::routes::console::extract::Id;
use crate::routes::console::refusals;
use crate::routes::error::{ApiError, ApiResult, Body};
use crate::store::AgentUpdate;

/// Changes an agent: what the body names, all or nothing.
///
/// Members of the workspace may call.
#[utoipa::path(
    patch, path = "/workspaces/{workspace}/agents/{agent}", tag = "agents",
    request_body = AgentChanges,
    params(("workspace" = String, Path), ("agent" = String, Path)),
    responses((status = 200, body = Agent), refusals::ForMembers, refusals::OfContent),
)]
pub async fn update_agent(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(agent): Id<AgentId>,
    Body(wanted): Body<AgentChanges>,
) -> ApiResult<Json<Agent>> {
    let changes = accept(wanted)?;
    match app.store.update_agent(workspace.id, agent, changes).await? {
        AgentUpdate::Updated(agent) => Ok(Json(agent)),
        AgentUpdate::NotFound => Err(ApiError::NotFound("agent")),
        AgentUpdate::UnknownArticles(places) => Err(ApiError::Invalid(unknown_articles(places))),
    }
}

fn accept(wanted: AgentChanges) -> ApiResult<AgentChanges> {
    let mut checks = Checks::default();
    let accepted = AgentChanges {
        name: wanted.name.map(|name| checks.line("name", &name, NAME_CHARS)),
        model: wanted.model.map(|model| accept_model(&mut checks, &model)),
        instruction: wanted
            .instruction
            .map(|instruction| checks.text("instruction", &instruction, INSTRUCTION_CHARS)),
        ..wanted
    };
    if let Some(temperature) = accepted.temperature {
        checks.range("temperature", temperature, 0.0, 1.0);
    }
    if let Some(seconds) = accepted.response_delay {
        checks.range("response_delay", seconds, 0, RESPONSE_DELAY_SECONDS);
    }
    if let Some(passages) = accepted.max_passages {
        checks.range("max_passages", passages, 1, MAX_PASSAGES);
    }
    checks.finish().map_err(ApiError::Invalid)?;
    Ok(accepted)
}

fn unknown_articles(places: Vec<usize>) -> Vec<FieldProblem> {
    let problem = |place| FieldProblem {
        field: format!("articles[{place}]"),
        message: "There is no such article any more. Reload the list of articles.".to_owned(),
    };
    places.into_iter().map(problem).collect()
}
