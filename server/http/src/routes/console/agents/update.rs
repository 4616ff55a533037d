use axum::Json;
use axum::extract::State;
use cavuer_protocol::console::{Agent, AgentChanges};
use cavuer_protocol::language::LANGUAGES;
use cavuer_protocol::limits::{
    HISTORY_MESSAGES, INSTRUCTION_CHARS, LONGEST_DELAY_SECONDS, MAX_PASSAGES, NAME_CHARS,
    RESPONSE_DELAY_SECONDS, RETENTION_DAYS,
};
use cavuer_protocol::{AgentId, FieldProblem, WorkspaceId};

use super::accept_model;
use crate::App;
use crate::answers::{ApiError, ApiResult, Body};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::checks::Checks;
use cavuer_models::BUILT_IN_MODEL;
use cavuer_store::AgentUpdate;

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
    let changes = accept_changes(&app, workspace.id, wanted).await?;
    let shows_others = changes.show_citations.is_some();
    match app.engine.store.update_agent(workspace.id, agent, changes).await? {
        AgentUpdate::Updated(agent) => {
            if shows_others {
                let channels = agent.channels.iter().map(|channel| channel.id);
                app.engine.live.retell(&channels.collect::<Vec<_>>());
            }
            Ok(Json(*agent))
        }
        AgentUpdate::NotFound => Err(ApiError::NotFound("agent")),
        AgentUpdate::UnknownArticles(places) => Err(ApiError::Invalid(unknown_articles(places))),
    }
}

/// Checks changes, whether they are to be saved or only tried.
pub(super) async fn accept_changes(
    app: &App,
    workspace: WorkspaceId,
    wanted: AgentChanges,
) -> ApiResult<AgentChanges> {
    let mut checks = Checks::default();
    let model = match &wanted.model {
        Some(model) => Some(accept_model(app, workspace, &mut checks, "model", model).await?),
        None => None,
    };
    let fallback_model = match &wanted.fallback_model {
        Some(Some(model)) => {
            let field = "fallback_model";
            Some(Some(accept_model(app, workspace, &mut checks, field, model).await?))
        }
        Some(None) => Some(None),
        None => None,
    };
    let speech_model = match &wanted.speech_model {
        Some(Some(model)) => {
            let field = "speech_model";
            if model.trim() == BUILT_IN_MODEL {
                checks.problem(field, "The built-in answerer cannot listen. Choose another model.");
            }
            Some(Some(accept_model(app, workspace, &mut checks, field, model).await?))
        }
        Some(None) => Some(None),
        None => None,
    };
    let accepted = AgentChanges {
        name: wanted.name.map(|name| checks.line("name", &name, NAME_CHARS)),
        model,
        fallback_model,
        speech_model,
        instruction: wanted
            .instruction
            .map(|instruction| checks.text("instruction", &instruction, INSTRUCTION_CHARS)),
        answer_language: wanted
            .answer_language
            .map(|language| language.map(|tag| accept_language(&mut checks, &tag))),
        ..wanted
    };
    if let Some(temperature) = accepted.temperature {
        checks.range("temperature", temperature, 0.0, 1.0);
    }
    for (field, number, least, most) in [
        ("max_passages", accepted.max_passages, 1, MAX_PASSAGES),
        ("history_messages", accepted.history_messages, 0, HISTORY_MESSAGES),
        ("response_delay", accepted.response_delay, 0, RESPONSE_DELAY_SECONDS),
        ("longest_delay", accepted.longest_delay, 0, LONGEST_DELAY_SECONDS),
        ("retention_days", accepted.retention_days, 0, RETENTION_DAYS),
    ] {
        if let Some(number) = number {
            checks.range(field, number, least, most);
        }
    }
    checks.finish().map_err(ApiError::Invalid)?;
    Ok(accepted)
}

/// One of the languages that the server itself can write in.
fn accept_language(checks: &mut Checks, typed: &str) -> String {
    let tag = typed.trim().to_ascii_lowercase();
    if !LANGUAGES.iter().any(|language| language.tag == tag) {
        let known = LANGUAGES.map(|language| language.tag).join(", ");
        let message = format!("Choose one of {known}, or none for the visitor's own language.");
        checks.problem("answer_language", message);
    }
    tag
}

pub(super) fn unknown_articles(places: Vec<usize>) -> Vec<FieldProblem> {
    let problem = |place| FieldProblem {
        field: format!("articles[{place}]"),
        message: "There is no such article any more. Reload the list of articles.".to_owned(),
    };
    places.into_iter().map(problem).collect()
}
