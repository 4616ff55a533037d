use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use cavuer_protocol::AgentId;
use cavuer_protocol::console::{AskPlayground, PlaygroundAnswer};
use cavuer_protocol::notice;

use crate::App;
use crate::answers::{ApiError, ApiResult, Body};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::limits::CountedAction;
use crate::routes::console::refusals;
use cavuer_base::texts;
use cavuer_engine::turns::playground;

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
pub(crate) async fn ask_playground(
    State(app): State<App>,
    Member { workspace, user, .. }: Member,
    Id(agent): Id<AgentId>,
    headers: HeaderMap,
    Body(asked): Body<AskPlayground>,
) -> ApiResult<Json<PlaygroundAnswer>> {
    // Before anything is counted, so that another workspace's agent is told from none by nothing.
    let saved = app.engine.store.agent(workspace.id, agent).await?;
    saved.ok_or(ApiError::NotFound(notice::no_such_agent()))?;
    app.limits.count(CountedAction::PlaygroundQuestion(user.id)).map_err(ApiError::RateLimited)?;
    let languages = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let language = texts::for_header(languages.unwrap_or_default()).language.to_owned();
    tokio::select! {
        answer = playground::answer(&app.engine.playground, workspace.id, agent, language, asked) => {
            Ok(Json(answer?))
        }
        () = app.engine.stopping.cancelled() => Err(ApiError::Stopping),
    }
}
