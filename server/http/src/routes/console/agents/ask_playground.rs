use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use cavuer_protocol::AgentId;
use cavuer_protocol::console::{AskPlayground, PlaygroundAnswer};
use cavuer_protocol::limits::{HISTORY_MESSAGES, MESSAGE_CHARS, PLAYGROUND_HISTORY_CHARS};

use super::update::{accept_changes, unknown_articles};
use crate::App;
use crate::answers::{ApiError, ApiResult, Body};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::guard::limits::Counted;
use crate::routes::console::refusals;
use cavuer_base::texts;
use cavuer_engine::checks::Checks;
use cavuer_engine::turns::playground::{self, PlaygroundQuestion};
use cavuer_store::{AgentUpdate, Searched};

/// What an agent would answer under settings that are not saved, and how it comes to it. Nothing
/// of it is kept, and no limit of a channel counts it.
///
/// Members of the workspace may call, a few times a minute.
#[utoipa::path(
    post, path = "/workspaces/{workspace}/agents/{agent}/playground", tag = "agents",
    request_body = AskPlayground,
    params(("workspace" = String, Path), ("agent" = String, Path)),
    responses(
        (status = 200, body = PlaygroundAnswer),
        (status = 429, body = cavuer_protocol::Problem, description = "`rate_limited`"),
        refusals::ForMembers, refusals::OfContent,
    ),
)]
pub async fn ask_playground(
    State(app): State<App>,
    Member { workspace, user, .. }: Member,
    Id(agent): Id<AgentId>,
    headers: HeaderMap,
    Body(asked): Body<AskPlayground>,
) -> ApiResult<Json<PlaygroundAnswer>> {
    // Before anything is counted, so that another workspace's agent is told from none by nothing.
    let saved = app.engine.store.agent(workspace.id, agent).await?;
    saved.ok_or(ApiError::NotFound("agent"))?;
    app.limits.count(Counted::PlaygroundQuestion(user.id)).map_err(ApiError::RateLimited)?;
    let mut checks = Checks::default();
    let question = checks.text("question", &asked.question, MESSAGE_CHARS);
    if question.is_empty() {
        checks.problem("question", "Write something to ask.");
    }
    let chars: usize = asked.history.iter().map(|message| message.text.chars().count()).sum();
    if asked.history.len() > HISTORY_MESSAGES as usize || chars > PLAYGROUND_HISTORY_CHARS {
        checks.problem("history", "The conversation is too long. Begin a new one.");
    }
    checks.finish().map_err(ApiError::Invalid)?;
    let changes = accept_changes(&app, workspace.id, asked.settings).await?;
    let articles = changes.articles.clone();
    let settings = match app.engine.store.agent_if_changed(workspace.id, agent, changes).await? {
        AgentUpdate::Updated(agent) => agent.settings,
        AgentUpdate::NotFound => return Err(ApiError::NotFound("agent")),
        AgentUpdate::UnknownArticles(places) => {
            return Err(ApiError::Invalid(unknown_articles(places)));
        }
    };
    let languages = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let asked = PlaygroundQuestion {
        workspace: workspace.id,
        agent,
        settings,
        searched: articles.map_or(Searched::Agent(agent), |ids| Searched::Articles(agent, ids)),
        language: texts::for_header(languages.unwrap_or_default()).language.to_owned(),
        history: asked.history,
        question,
        call_functions: asked.call_functions,
    };
    tokio::select! {
        answer = playground::answer(&app.engine, asked) => Ok(Json(answer?)),
        () = app.engine.stopping.cancelled() => Err(ApiError::Stopping),
    }
}
