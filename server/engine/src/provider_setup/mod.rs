//! Setting up the model providers of a workspace, for whoever does it. What may be saved is checked
//! here and nowhere else; [`crate::providers`] asks what was saved.

mod accept;
mod trial;

use cavuer_base::clock::SharedClock;
use cavuer_base::random::Random;
use cavuer_models::Models;
use cavuer_protocol::console::{NewProvider, Provider, ProviderChanges, ProviderList};
use cavuer_protocol::limits::{NAME_CHARS, PROVIDERS};
use cavuer_protocol::{ProviderId, WorkspaceId, notice};
use cavuer_store::{NamedAgent, ProviderDeletion, Store, StoreError, StoredProvider};
use std::sync::Arc;

use crate::basics::Basics;
use crate::checks::Checks;
use crate::embeddings::Embeddings;
use crate::provider_failures::ProviderFailures;
use crate::providers::Providers;
use crate::refused::Refused;
use crate::{embeddings, providers, shown};

pub use trial::try_out;

/// What providers are set up with.
pub struct ProviderSetup {
    store: Store,
    clock: SharedClock,
    random: Arc<Random>,
    models: Arc<Models>,
    providers: Arc<Providers>,
    failures: Arc<ProviderFailures>,
    embeddings: Arc<Embeddings>,
}

impl ProviderSetup {
    pub(crate) fn new(
        basics: &Basics,
        models: Arc<Models>,
        providers: Arc<Providers>,
        failures: Arc<ProviderFailures>,
        embeddings: Arc<Embeddings>,
    ) -> Self {
        let Basics { store, clock, random, .. } = basics.clone();
        Self { store, clock, random, models, providers, failures, embeddings }
    }
}

/// The workspace's own providers, oldest first, those of the server, and all kinds.
pub async fn list(
    setup: &ProviderSetup,
    workspace: WorkspaceId,
) -> Result<ProviderList, StoreError> {
    let stored = setup.store.providers(workspace).await?;
    let providers =
        stored.into_iter().map(|(provider, used_by)| described(setup, provider, used_by));
    let mut environment = setup.models.environment();
    for (prefix, provider) in &mut environment {
        provider.last_failure = setup.failures.of(prefix);
    }
    let environment = environment.into_iter().map(|(_, provider)| provider).collect();
    let kinds = setup.models.kinds();
    Ok(ProviderList { providers: providers.collect(), environment, kinds })
}

/// Sets a provider up. Its key is sealed and never told again.
pub async fn create(
    setup: &ProviderSetup,
    workspace: WorkspaceId,
    wanted: NewProvider,
) -> Result<Provider, Refused> {
    let NewProvider { name, kind, base_url, api_key, models } = wanted;
    let facts = accept::kind(setup, &kind)?.facts();
    let mut checks = Checks::default();
    let name = checks.line("name", &name, NAME_CHARS);
    let base_url = accept::url(&mut checks, &facts, base_url.as_deref());
    let key = accept::key(&mut checks, &api_key.unwrap_or_default());
    accept::require_key(&mut checks, &facts, key.is_some());
    let models = accept::models(&mut checks, &models);
    checks.finish()?;

    let created_at = setup.clock.now();
    let id = setup.random.id(created_at, ProviderId::from_parts);
    let sealed = key.map(|key| providers::seal(&setup.providers, workspace, id, &key));
    let (sealed_key, key_hint) = sealed.unzip();
    let stored = StoredProvider {
        id,
        workspace,
        name,
        kind,
        base_url,
        sealed_key,
        key_hint,
        models,
        created_at,
    };
    if !setup.store.create_provider(stored.clone(), PROVIDERS).await? {
        return Err(Refused::Conflict(notice::too_many_providers(PROVIDERS)));
    }
    Ok(described(setup, stored, Vec::new()))
}

/// Changes what `wanted` names, all or nothing. A key stays with its host: another host needs the
/// key anew.
pub async fn change(
    setup: &ProviderSetup,
    workspace: WorkspaceId,
    id: ProviderId,
    wanted: ProviderChanges,
) -> Result<Provider, Refused> {
    let missing = || Refused::NotFound(notice::no_such_provider());
    let mut stored = setup.store.provider(workspace, id).await?.ok_or_else(missing)?;

    let facts = accept::kind(setup, &stored.kind)?.facts();
    let mut checks = Checks::default();
    if let Some(name) = &wanted.name {
        stored.name = checks.line("name", name, NAME_CHARS);
    }
    if let Some(typed) = &wanted.base_url {
        let base_url = accept::url(&mut checks, &facts, Some(typed));
        let key_stays = wanted.api_key.is_none() && stored.sealed_key.is_some();
        if key_stays && !accept::is_same_host(&stored.base_url, &base_url) {
            checks.problem("api_key", notice::key_of_other_host());
        }
        stored.base_url = base_url;
    }
    if let Some(typed) = &wanted.api_key {
        let key = accept::key(&mut checks, typed);
        accept::require_key(&mut checks, &facts, key.is_some());
        let sealed = key.map(|key| providers::seal(&setup.providers, workspace, id, &key));
        (stored.sealed_key, stored.key_hint) = sealed.unzip();
    }
    if let Some(typed) = &wanted.models {
        stored.models = accept::models(&mut checks, typed);
    }
    checks.finish()?;

    let used_by = setup.store.replace_provider(stored.clone()).await?.ok_or_else(missing)?;
    // What failed before may be mended now.
    setup.failures.clear(&id.to_string());
    Ok(described(setup, stored, used_by))
}

/// Deletes a provider with its key, unless an agent uses it.
pub async fn delete(
    setup: &ProviderSetup,
    workspace: WorkspaceId,
    id: ProviderId,
) -> Result<(), Refused> {
    match setup.store.delete_provider(workspace, id).await? {
        ProviderDeletion::Deleted => {}
        ProviderDeletion::NotFound => {
            return Err(Refused::NotFound(notice::no_such_provider()));
        }
        ProviderDeletion::InUse(agents) => {
            let names: Vec<_> = agents.into_iter().map(|agent| agent.name).collect();
            return Err(Refused::Conflict(notice::provider_in_use(names.join(", "))));
        }
    }
    setup.models.forget(id);
    embeddings::tell(&setup.embeddings, workspace).await;
    Ok(())
}

/// A provider with its newest failure.
fn described(setup: &ProviderSetup, stored: StoredProvider, used_by: Vec<NamedAgent>) -> Provider {
    let last_failure = setup.failures.of(&stored.id.to_string());
    shown::provider(stored, used_by, last_failure)
}
