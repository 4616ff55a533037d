//! The engine, put together: which room is given what.
//!
//! A room has a struct of its own that holds what the room uses and nothing else, the rooms below
//! it among that, and its functions take it first. So no room knows the engine as a whole.

use std::ops::Deref;
use std::sync::Arc;

use cavuer_base::clock::SharedClock;
use cavuer_base::random::Random;
use cavuer_models::Models;
use cavuer_models::outbound::Outbound;
use cavuer_store::Store;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::accounts::Accounts;
use crate::agents::Agents;
use crate::articles::Articles;
use crate::basics::Basics;
use crate::channel_kinds::ChannelKinds;
use crate::channels::Channels;
use crate::embeddings::Embeddings;
use crate::extraction::Extractor;
use crate::functions::Functions;
use crate::live::Live;
use crate::metrics::Metrics;
use crate::provider_failures::ProviderFailures;
use crate::provider_setup::ProviderSetup;
use crate::providers::Providers;
use crate::running::RunningTurns;
use crate::vault::Vault;
use crate::workspaces::Workspaces;

/// What the engine is put together from.
pub struct EngineParts {
    pub store: Store,
    pub clock: SharedClock,
    pub random: Random,
    pub models: Models,
    pub vault: Vault,
    /// For the functions of agents: whoever owns an agent chooses where they lead.
    pub outbound: Outbound,
    /// Kinds of channels beside the widget.
    pub channel_kinds: ChannelKinds,
    pub extractor: Extractor,
}

/// The engine's services, cheap to clone.
#[derive(Clone)]
pub struct Engine(Arc<Services>);

/// See [`Engine`].
pub struct Services {
    pub store: Store,
    pub clock: SharedClock,
    pub random: Arc<Random>,
    /// Cancelled when the server shuts down: streams end, turns are parked.
    pub stopping: CancellationToken,
    pub live: Live,
    pub metrics: Arc<Metrics>,
    pub accounts: Arc<Accounts>,
    pub agents: Arc<Agents>,
    pub articles: Arc<Articles>,
    pub channels: Arc<Channels>,
    pub embeddings: Arc<Embeddings>,
    pub functions: Arc<Functions>,
    pub provider_setup: Arc<ProviderSetup>,
    pub providers: Arc<Providers>,
    pub workspaces: Arc<Workspaces>,
    pub provider_failures: Arc<ProviderFailures>,
    pub running: Arc<RunningTurns>,
    pub channel_kinds: ChannelKinds,
    pub outbox_changed: Arc<Notify>,
    pub extractor: Arc<Extractor>,
    pub turns_changed: Arc<Notify>,
}

impl Engine {
    /// Puts the rooms together. None of them is at work yet.
    pub fn new(parts: EngineParts) -> Self {
        let EngineParts { store, clock, random, models, vault, outbound, channel_kinds, extractor } =
            parts;
        let live = Live::new(&random);
        let random = Arc::new(random);
        let basics = Basics { store, clock, random, stopping: CancellationToken::new() };
        let metrics = Arc::new(Metrics::new());
        let (models, vault, extractor) = (Arc::new(models), Arc::new(vault), Arc::new(extractor));
        let provider_failures = Arc::new(ProviderFailures::default());
        let embeddings_changed = Arc::new(Notify::new());
        let providers = Arc::new(Providers::new(&basics, models.clone(), vault.clone()));
        let embeddings = Arc::new(Embeddings::new(
            &basics,
            live.clone(),
            providers.clone(),
            models.question_time(),
            embeddings_changed.clone(),
        ));
        let provider_setup = ProviderSetup::new(
            &basics,
            models,
            providers.clone(),
            provider_failures.clone(),
            embeddings.clone(),
        );
        let accounts =
            Accounts::new(basics.store.clone(), basics.clock.clone(), Arc::clone(&basics.random));
        let articles = Articles::new(&basics, live.clone(), extractor.clone(), embeddings_changed);
        Self(Arc::new(Services {
            accounts: Arc::new(accounts),
            agents: Arc::new(Agents::new(&basics, live.clone())),
            articles: Arc::new(articles),
            channels: Arc::new(Channels::new(&basics)),
            functions: Arc::new(Functions::new(&basics, vault, outbound)),
            provider_setup: Arc::new(provider_setup),
            providers,
            embeddings,
            workspaces: Arc::new(Workspaces::new(&basics)),
            store: basics.store,
            clock: basics.clock,
            random: basics.random,
            stopping: basics.stopping,
            live,
            metrics,
            provider_failures,
            running: Default::default(),
            channel_kinds,
            outbox_changed: Default::default(),
            extractor,
            turns_changed: Default::default(),
        }))
    }
}

impl Deref for Engine {
    type Target = Services;

    fn deref(&self) -> &Services {
        &self.0
    }
}
