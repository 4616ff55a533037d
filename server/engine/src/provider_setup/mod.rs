//! Setting up the model providers of a workspace, for whoever does it. What may be saved is checked
//! here and nowhere else; [`crate::providers`] asks what was saved.

mod accept;
mod trial;

use cavuer_protocol::console::{NewProvider, Provider, ProviderChanges, ProviderList};
use cavuer_protocol::limits::{NAME_CHARS, PROVIDERS};
use cavuer_protocol::{ProviderId, WorkspaceId, notice};
use cavuer_store::{NamedAgent, ProviderDeletion, StoreError, StoredProvider};

use crate::checks::Checks;
use crate::refused::Refused;
use crate::{Engine, embeddings, providers, shown};

pub use trial::try_out;

/// The workspace's own providers, oldest first, those of the server, and all kinds.
pub async fn list(engine: &Engine, workspace: WorkspaceId) -> Result<ProviderList, StoreError> {
    let stored = engine.store.providers(workspace).await?;
    let providers =
        stored.into_iter().map(|(provider, used_by)| described(engine, provider, used_by));
    let mut environment = engine.models.environment();
    for (prefix, provider) in &mut environment {
        provider.last_failure = engine.provider_failures.of(prefix);
    }
    let environment = environment.into_iter().map(|(_, provider)| provider).collect();
    let kinds = engine.models.kinds();
    Ok(ProviderList { providers: providers.collect(), environment, kinds })
}

/// Sets a provider up. Its key is sealed and never told again.
pub async fn create(
    engine: &Engine,
    workspace: WorkspaceId,
    wanted: NewProvider,
) -> Result<Provider, Refused> {
    let NewProvider { name, kind, base_url, api_key, models } = wanted;
    let facts = accept::kind(engine, &kind)?.facts();
    let mut checks = Checks::default();
    let name = checks.line("name", &name, NAME_CHARS);
    let base_url = accept::url(&mut checks, &facts, base_url.as_deref());
    let key = accept::key(&mut checks, &api_key.unwrap_or_default());
    accept::require_key(&mut checks, &facts, key.is_some());
    let models = accept::models(&mut checks, &models);
    checks.finish()?;

    let created_at = engine.clock.now();
    let id = engine.random.id(created_at, ProviderId::from_parts);
    let sealed = key.map(|key| providers::seal(engine, workspace, id, &key));
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
    if !engine.store.create_provider(stored.clone(), PROVIDERS).await? {
        return Err(Refused::Conflict(notice::too_many_providers(PROVIDERS)));
    }
    Ok(described(engine, stored, Vec::new()))
}

/// Changes what `wanted` names, all or nothing. A key stays with its host: another host needs the
/// key anew.
pub async fn change(
    engine: &Engine,
    workspace: WorkspaceId,
    id: ProviderId,
    wanted: ProviderChanges,
) -> Result<Provider, Refused> {
    let missing = || Refused::NotFound(notice::no_such_provider());
    let mut stored = engine.store.provider(workspace, id).await?.ok_or_else(missing)?;

    let facts = accept::kind(engine, &stored.kind)?.facts();
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
        let sealed = key.map(|key| providers::seal(engine, workspace, id, &key));
        (stored.sealed_key, stored.key_hint) = sealed.unzip();
    }
    if let Some(typed) = &wanted.models {
        stored.models = accept::models(&mut checks, typed);
    }
    checks.finish()?;

    let used_by = engine.store.replace_provider(stored.clone()).await?.ok_or_else(missing)?;
    // What failed before may be mended now.
    engine.provider_failures.clear(&id.to_string());
    Ok(described(engine, stored, used_by))
}

/// Deletes a provider with its key, unless an agent uses it.
pub async fn delete(
    engine: &Engine,
    workspace: WorkspaceId,
    id: ProviderId,
) -> Result<(), Refused> {
    match engine.store.delete_provider(workspace, id).await? {
        ProviderDeletion::Deleted => {}
        ProviderDeletion::NotFound => {
            return Err(Refused::NotFound(notice::no_such_provider()));
        }
        ProviderDeletion::InUse(agents) => {
            let names: Vec<_> = agents.into_iter().map(|agent| agent.name).collect();
            return Err(Refused::Conflict(notice::provider_in_use(names.join(", "))));
        }
    }
    engine.models.forget(id);
    embeddings::tell(engine, workspace).await;
    Ok(())
}

/// A provider with its newest failure.
fn described(engine: &Engine, stored: StoredProvider, used_by: Vec<NamedAgent>) -> Provider {
    let last_failure = engine.provider_failures.of(&stored.id.to_string());
    shown::provider(stored, used_by, last_failure)
}
