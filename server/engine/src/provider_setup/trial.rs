use std::sync::Arc;

use cavuer_models::{
    Asked, Llm as _, LlmError, LlmErrorKind, Prompt, Protocol, ProviderClient, ProviderConfig,
};
use cavuer_protocol::console::{ProviderTrial, ProviderTried};
use cavuer_protocol::{Secret, WorkspaceId, notice};
use futures::StreamExt as _;

use super::{ProviderSetup, accept};
use crate::checks::Checks;
use crate::failure::told_with_words;
use crate::providers;
use crate::refused::Refused;

/// Longest answer of a model that is only tried, in tokens.
const TRIAL_TOKENS: u32 = 16;

/// Tries a connection, saved or not, and says what works or what fails. Providers that list their
/// models are asked for the list, which costs nothing; others for one word.
pub async fn try_out(
    setup: &ProviderSetup,
    workspace: WorkspaceId,
    wanted: &ProviderTrial,
) -> Result<ProviderTried, Refused> {
    let protocol = accept::kind(setup, &wanted.kind)?;
    let mut checks = Checks::default();
    let typed =
        wanted.model.as_ref().map(|model| accept::models(&mut checks, std::slice::from_ref(model)));
    let config = accept(setup, workspace, wanted, protocol, checks).await?;
    let model = typed.unwrap_or_default().pop();
    let tried = match config {
        Ok(config) => {
            let asked = Asked::console(protocol.facts().label);
            ask(setup.models.trial("trial".to_owned(), asked, config), model).await
        }
        Err(error) => Err(error),
    };
    Ok(tried.unwrap_or_else(|error| {
        tracing::info!(%workspace, %error, "a provider was tried in vain");
        ProviderTried::fails(told_with_words(&error))
    }))
}

/// What to try. The inner error is a saved key that cannot be read.
async fn accept(
    setup: &ProviderSetup,
    workspace: WorkspaceId,
    wanted: &ProviderTrial,
    protocol: &'static dyn Protocol,
    mut checks: Checks,
) -> Result<Result<ProviderConfig, LlmError>, Refused> {
    let facts = protocol.facts();
    let base_url = accept::url(&mut checks, &facts, wanted.base_url.as_deref());
    let typed = wanted.api_key.as_ref().and_then(|key| accept::key(&mut checks, key));
    let mut saved = None;
    if let Some(id) = wanted.provider {
        let stored = setup.store.provider(workspace, id).await?;
        let stored = stored.ok_or_else(|| Refused::NotFound(notice::no_such_provider()))?;
        if wanted.api_key.is_none() && stored.sealed_key.is_some() {
            if !accept::is_same_host(&stored.base_url, &base_url) {
                checks.problem("api_key", notice::key_of_other_host());
            }
            saved = Some(stored);
        }
    }
    accept::require_key(&mut checks, &facts, typed.is_some() || saved.is_some());
    checks.finish()?;
    let api_key = match saved.map(|stored| providers::config(&setup.providers, &stored)) {
        Some(Ok(config)) => config.api_key,
        Some(Err(error)) => return Ok(Err(error)),
        None => typed.unwrap_or_else(|| Secret::new("")),
    };
    Ok(match base_url.parse() {
        Ok(base_url) => Ok(ProviderConfig { protocol, base_url, api_key }),
        Err(_) => {
            let asked = Asked::console(protocol.facts().label);
            Err(LlmError::new(LlmErrorKind::Unreachable, Some(asked)))
        }
    })
}

async fn ask(provider: ProviderClient, model: Option<String>) -> Result<ProviderTried, LlmError> {
    Ok(match (provider.models().await?, model) {
        (Some(models), _) => {
            let found = match models.len() {
                0 => notice::connected_without_models(),
                1 => notice::connected_with_one_model(),
                count => notice::connected_with_models(count),
            };
            ProviderTried::works(found, models)
        }
        (None, Some(model)) => {
            ask_for_a_word(provider, &model).await?;
            ProviderTried::works(notice::connected_model_answers(model), Vec::new())
        }
        (None, None) => ProviderTried::fails(notice::models_not_listed()),
    })
}

async fn ask_for_a_word(provider: ProviderClient, model: &str) -> Result<(), LlmError> {
    // tidy allows sentences: the model that is tried reads it
    let prompt = Prompt {
        question: "Answer with the word yes.".to_owned(),
        max_answer_tokens: Some(TRIAL_TOKENS),
        ..Prompt::default()
    };
    let model = Arc::new(provider).model(model);
    // The first piece proves it.
    model.stream(prompt).next().await.transpose().map(drop)
}
