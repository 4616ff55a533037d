use cavuer_protocol::console::{AgentUse, Provider, ProviderFailure};
use cavuer_store::{NamedAgent, StoredProvider};

/// A provider without its key: who uses it, and its newest failure.
pub(crate) fn provider(
    stored: StoredProvider,
    used_by: Vec<NamedAgent>,
    last_failure: Option<ProviderFailure>,
) -> Provider {
    Provider {
        id: stored.id,
        name: stored.name,
        kind: stored.kind,
        base_url: stored.base_url,
        key_hint: stored.key_hint,
        models: stored.models,
        used_by: used_by.into_iter().map(agent_use).collect(),
        last_failure,
        created_at: stored.created_at,
    }
}

fn agent_use(NamedAgent { id, name }: NamedAgent) -> AgentUse {
    AgentUse { id, name }
}
