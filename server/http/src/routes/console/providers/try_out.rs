use axum::Json;
use axum::extract::State;
use cavuer_protocol::WorkspaceId;
use cavuer_protocol::console::{ProviderTrial, ProviderTried};
use futures::StreamExt as _;

use super::{accept_key, accept_kind, accept_models, accept_url, is_same_host, require_key};
use crate::App;
use crate::answers::{ApiError, ApiResult, Body};
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::checks::Checks;
use cavuer_engine::providers;
use cavuer_models::{Asked, Llm as _, LlmError, Prompt, Protocol, Provider, ProviderConfig};
use cavuer_protocol::Secret;

/// Longest answer of a model that is only tried, in tokens.
const TRIAL_TOKENS: u32 = 16;

/// Tries a connection, saved or not, and says in words what works or what fails. Providers that
/// list their models are asked for the list, which costs nothing; others for one word.
///
/// Members of the workspace may call.
#[utoipa::path(
    post, path = "/workspaces/{workspace}/providers/try", tag = "providers",
    request_body = ProviderTrial,
    params(("workspace" = String, Path)),
    responses((status = 200, body = ProviderTried), refusals::ForMembers, refusals::OfContent),
)]
pub async fn try_provider(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Body(wanted): Body<ProviderTrial>,
) -> ApiResult<Json<ProviderTried>> {
    let protocol = accept_kind(&app, &wanted.kind)?;
    let mut checks = Checks::default();
    let typed =
        wanted.model.as_ref().map(|model| accept_models(&mut checks, std::slice::from_ref(model)));
    let config = accept(&app, workspace.id, &wanted, protocol, checks).await?;
    let asked = Asked::console(protocol.facts().label);
    let model = typed.unwrap_or_default().pop();
    let tried = match config {
        Ok(config) => {
            let provider = app.engine.models.trial("trial".to_owned(), asked, config);
            try_out(provider, model).await
        }
        Err(error) => Err(error),
    };
    Ok(Json(tried.unwrap_or_else(|error| {
        tracing::info!(workspace = %workspace.id, %error, "a provider was tried in vain");
        let message = match error.detail.as_str() {
            "" => error.reason(),
            said => format!("{} It said: {said}", error.reason()),
        };
        ProviderTried { works: false, message, models: Vec::new() }
    })))
}

/// What to try. The inner error is a saved key that cannot be read.
async fn accept(
    app: &App,
    workspace: WorkspaceId,
    wanted: &ProviderTrial,
    protocol: &'static dyn Protocol,
    mut checks: Checks,
) -> ApiResult<Result<ProviderConfig, LlmError>> {
    let facts = protocol.facts();
    let base_url = accept_url(&mut checks, &facts, wanted.base_url.as_deref());
    let typed = wanted.api_key.as_ref().and_then(|key| accept_key(&mut checks, key));
    let mut saved = None;
    if let Some(id) = wanted.provider {
        let stored = app.engine.store.provider(workspace, id).await?;
        let stored = stored.ok_or(ApiError::NotFound("provider"))?;
        if wanted.api_key.is_none() && stored.sealed_key.is_some() {
            if !is_same_host(&stored.base_url, &base_url) {
                checks.problem("api_key", "Enter the key again: it was given to another host.");
            }
            saved = Some(stored);
        }
    }
    require_key(&mut checks, &facts, typed.is_some() || saved.is_some());
    checks.finish().map_err(ApiError::Invalid)?;
    let api_key = match saved.map(|stored| providers::config(&app.engine, &stored)) {
        Some(Ok(config)) => config.api_key,
        Some(Err(error)) => return Ok(Err(error)),
        None => typed.unwrap_or_else(|| Secret::new("")),
    };
    let base_url = base_url.parse().map_err(|_| ApiError::Internal("an address".to_owned()))?;
    Ok(Ok(ProviderConfig { protocol, base_url, api_key }))
}

async fn try_out(provider: Provider, model: Option<String>) -> Result<ProviderTried, LlmError> {
    let listed = provider.models().await?;
    let works = |message: String, models| ProviderTried { works: true, message, models };
    let (message, models) = match (listed, model) {
        (Some(models), _) => {
            let count = models.len();
            let message = match count {
                0 => "Connected, but it has no models yet. Install or deploy one there.".to_owned(),
                1 => "Connected. It has one model to choose.".to_owned(),
                _ => format!("Connected. It has {count} models to choose from."),
            };
            (message, models)
        }
        (None, Some(model)) => {
            ask_for_a_word(provider, &model).await?;
            (format!("Connected. {model} answers."), Vec::new())
        }
        (None, None) => {
            let message =
                "It does not list its models. Write the name of one below and test again.";
            return Ok(ProviderTried {
                works: false,
                message: message.to_owned(),
                models: Vec::new(),
            });
        }
    };
    Ok(works(message, models))
}

async fn ask_for_a_word(provider: Provider, model: &str) -> Result<(), LlmError> {
    let prompt = Prompt {
        question: "Answer with the word yes.".to_owned(),
        max_answer_tokens: Some(TRIAL_TOKENS),
        ..Prompt::default()
    };
    let model = std::sync::Arc::new(provider).model(model);
    // The first piece proves it.
    model.stream(prompt).next().await.transpose().map(drop)
}
