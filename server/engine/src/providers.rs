//! The workspaces' own model providers: between the store, which keeps their keys sealed, and the
//! models, which ask them.

use std::sync::Arc;

use cavuer_base::random::Random;
use cavuer_protocol::console::{AgentSettings, ModelInfo, SpeechModel};
use cavuer_protocol::{ProviderId, Secret, WorkspaceId};

use crate::basics::Basics;
use crate::provider_failures::prefix;
use crate::vault::Vault;
use cavuer_models::{
    Asked, Embedder, Llm, LlmError, LlmErrorKind, ModelId, Models, ProviderConfig, ProviderModel,
    WorkspaceModels,
};
use cavuer_store::{Store, StoreError, StoredProvider};

/// The providers of all workspaces, and those of the server.
pub struct Providers {
    store: Store,
    random: Arc<Random>,
    models: Arc<Models>,
    vault: Arc<Vault>,
}

impl Providers {
    pub(crate) fn new(basics: &Basics, models: Arc<Models>, vault: Arc<Vault>) -> Self {
        let Basics { store, random, .. } = basics.clone();
        Self { store, random, models, vault }
    }
}

/// The language models that a workspace's agents can be given.
///
/// # Errors
/// If the store cannot be read.
pub async fn language_models(
    providers: &Providers,
    workspace: WorkspaceId,
) -> Result<Vec<ModelInfo>, StoreError> {
    Ok(providers.models.list(&workspace_models(providers, workspace).await?))
}

/// The models that can make voice messages of a workspace's visitors into text, in the order in
/// which they are taken.
///
/// # Errors
/// If the store cannot be read.
pub async fn speech_models(
    providers: &Providers,
    workspace: WorkspaceId,
) -> Result<Vec<SpeechModel>, StoreError> {
    Ok(providers.models.speech_models(&workspace_models(providers, workspace).await?))
}

/// The model behind an agent's model id, in the agent's workspace.
///
/// # Errors
/// The outer ones are the store's; the inner ones say why there is no such model.
pub(crate) async fn model(
    providers: &Providers,
    workspace: WorkspaceId,
    id: &str,
) -> Result<Result<Arc<dyn Llm>, LlmError>, StoreError> {
    if !matches!(ModelId::parse(id), Some(ModelId::Own { .. })) {
        return Ok(providers.models.get(id));
    }
    let model = provider_model(providers, workspace, id).await?;
    Ok(model.map(|model| Arc::new(model) as Arc<dyn Llm>))
}

/// The model behind such an id, to make vectors of texts.
///
/// # Errors
/// As [`model`].
pub(crate) async fn embedder(
    providers: &Providers,
    workspace: WorkspaceId,
    id: &str,
) -> Result<Result<Arc<dyn Embedder>, LlmError>, StoreError> {
    let model = provider_model(providers, workspace, id).await?;
    Ok(model.map(|model| Arc::new(model) as Arc<dyn Embedder>))
}

/// The model of a provider behind an id.
///
/// # Errors
/// As [`model`].
pub(crate) async fn provider_model(
    providers: &Providers,
    workspace: WorkspaceId,
    id: &str,
) -> Result<Result<ProviderModel, LlmError>, StoreError> {
    let Some(ModelId::Own { provider, name }) = ModelId::parse(id) else {
        return Ok(providers.models.of_provider(id));
    };
    own_model(providers, workspace, provider, &name).await
}

/// The model that makes voice messages into text for an agent: the one that its owner chose, else
/// the first at its model's provider, at its fallback's, or anywhere. `None` if there is none.
pub(crate) async fn speech_model(
    providers: &Providers,
    workspace: WorkspaceId,
    agent: &AgentSettings,
) -> Result<Option<Result<ProviderModel, LlmError>>, StoreError> {
    let chosen = match &agent.speech_model {
        Some(chosen) => Some(chosen.clone()),
        None => {
            let list = speech_models(providers, workspace).await?;
            let mut models = std::iter::once(&agent.model).chain(&agent.fallback_model);
            let close = models
                .find_map(|model| list.iter().find(|heard| prefix(&heard.id) == prefix(model)));
            close.or(list.first()).map(|heard| heard.id.clone())
        }
    };
    Ok(match chosen.as_deref().and_then(ModelId::parse) {
        Some(ModelId::Environment { provider, name }) => {
            Some(providers.models.environment_model(provider, &name))
        }
        Some(ModelId::Own { provider, name }) => {
            Some(own_model(providers, workspace, provider, &name).await?)
        }
        Some(ModelId::BuiltIn) | None => None,
    })
}

/// What the workspace's own providers offer.
async fn workspace_models(
    providers: &Providers,
    workspace: WorkspaceId,
) -> Result<Vec<WorkspaceModels>, StoreError> {
    let stored = providers.store.providers(workspace).await?;
    let own = stored.into_iter().map(|(provider, _)| WorkspaceModels {
        provider: provider.id,
        provider_name: provider.name,
        kind: provider.kind,
        names: provider.models,
    });
    Ok(own.collect())
}

async fn own_model(
    providers: &Providers,
    workspace: WorkspaceId,
    provider: ProviderId,
    name: &str,
) -> Result<Result<ProviderModel, LlmError>, StoreError> {
    let Some(stored) = providers.store.provider(workspace, provider).await? else {
        return Ok(Err(LlmError::new(LlmErrorKind::ProviderGone, None)));
    };
    let asked = Asked::console(&stored.name);
    Ok(config(providers, &stored)
        .map(|config| providers.models.own(stored.id, asked, config).model(name)))
}

/// Where and as whom to ask.
///
/// # Errors
/// [`LlmErrorKind::ProviderUnknown`] and [`LlmErrorKind::KeyUnreadable`]; an address that is none
/// counts as unreachable.
pub(crate) fn config(
    providers: &Providers,
    stored: &StoredProvider,
) -> Result<ProviderConfig, LlmError> {
    let error = |kind| LlmError::new(kind, Some(Asked::console(&stored.name)));
    let protocol = providers.models.protocol(&stored.kind);
    let protocol = protocol.ok_or_else(|| error(LlmErrorKind::ProviderUnknown))?;
    let api_key = match &stored.sealed_key {
        None => Secret::new(""),
        Some(sealed) => providers
            .vault
            .unseal(sealed, &owner(stored.workspace, stored.id))
            .map_err(|_| error(LlmErrorKind::KeyUnreadable))?,
    };
    let base_url = stored.base_url.parse().map_err(|_| error(LlmErrorKind::Unreachable))?;
    Ok(ProviderConfig { protocol, base_url, api_key })
}

/// A key as it is stored: sealed for this workspace and this provider, and its hint.
pub(crate) fn seal(
    providers: &Providers,
    workspace: WorkspaceId,
    provider: ProviderId,
    key: &Secret,
) -> (Vec<u8>, String) {
    (providers.vault.seal(key, &owner(workspace, provider), &providers.random), hint(key))
}

/// What a sealed key belongs to.
fn owner(workspace: WorkspaceId, provider: ProviderId) -> Vec<u8> {
    [b"provider key", workspace.0.as_bytes().as_slice(), provider.0.as_bytes()].concat()
}

/// The last four characters of a key that is long enough to keep the rest secret.
fn hint(key: &Secret) -> String {
    let chars: Vec<char> = key.expose().chars().collect();
    if chars.len() < 16 {
        return "…".to_owned();
    }
    let end: String = chars[chars.len() - 4..].iter().collect();
    format!("…{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_tells_little() {
        assert_eq!(hint(&Secret::new("sk-0123456789abcdef")), "…cdef");
        assert_eq!(hint(&Secret::new("short-key")), "…");
    }
}
