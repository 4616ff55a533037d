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
use crate::news::News;
use crate::outbox::Outbox;
use crate::provider_failures::ProviderFailures;
use crate::provider_setup::ProviderSetup;
use crate::providers::Providers;
use crate::running::RunningTurns;
use crate::turns::playground::Playground;
use crate::turns::{Answering, Turns};
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
    pub outbox: Arc<Outbox>,
    pub playground: Arc<Playground>,
    pub provider_setup: Arc<ProviderSetup>,
    pub providers: Arc<Providers>,
    pub turns: Arc<Turns>,
    pub workspaces: Arc<Workspaces>,
    pub(crate) news: Arc<News>,
    pub running: Arc<RunningTurns>,
}

impl Engine {
    /// Puts the rooms together. None of them is at work yet.
    pub fn new(parts: EngineParts) -> Self {
        let EngineParts { store, clock, random, models, vault, outbound, .. } = parts;
        let live = Live::new(&random);
        let random = Arc::new(random);
        let basics = Basics { store, clock, random, stopping: CancellationToken::new() };
        let metrics = Arc::new(Metrics::new());
        let (models, vault) = (Arc::new(models), Arc::new(vault));
        let extractor = Arc::new(parts.extractor);
        let failures = Arc::new(ProviderFailures::default());
        let running = Arc::new(RunningTurns::default());
        let (embeddings_changed, outbox_changed) = (Arc::default(), Arc::default());

        let accounts =
            Accounts::new(basics.store.clone(), basics.clock.clone(), basics.random.clone());
        let agents = Arc::new(Agents::new(&basics, live.clone()));
        let channels = Channels::new(&basics);
        let workspaces = Workspaces::new(&basics);
        let functions = Arc::new(Functions::new(&basics, vault.clone(), outbound));
        let providers = Arc::new(Providers::new(&basics, models.clone(), vault));
        let embeddings = Arc::new(Embeddings::new(
            &basics,
            live.clone(),
            providers.clone(),
            models.question_time(),
            Arc::clone(&embeddings_changed),
        ));
        let provider_setup = ProviderSetup::new(
            &basics,
            models,
            providers.clone(),
            failures.clone(),
            embeddings.clone(),
        );
        let articles = Articles::new(&basics, live.clone(), extractor.clone(), embeddings_changed);
        let news = Arc::new(News::new(&basics, live.clone(), Arc::clone(&outbox_changed)));
        let outbox = Outbox::new(&basics, metrics.clone(), parts.channel_kinds, outbox_changed);
        let answering = Arc::new(Answering::new(
            &basics,
            live.clone(),
            metrics.clone(),
            embeddings.clone(),
            functions.clone(),
            providers.clone(),
            failures,
        ));
        let playground = Playground::new(&basics, agents.clone(), answering.clone());
        let turns = Arc::new(Turns::new(
            &basics,
            live.clone(),
            news.clone(),
            metrics.clone(),
            running.clone(),
            extractor,
            answering,
        ));
        Self(Arc::new(Services {
            store: basics.store,
            clock: basics.clock,
            random: basics.random,
            stopping: basics.stopping,
            live,
            metrics,
            accounts: Arc::new(accounts),
            agents,
            articles: Arc::new(articles),
            channels: Arc::new(channels),
            embeddings,
            functions,
            outbox: Arc::new(outbox),
            playground: Arc::new(playground),
            provider_setup: Arc::new(provider_setup),
            providers,
            turns,
            workspaces: Arc::new(workspaces),
            news,
            running,
        }))
    }
}

impl Deref for Engine {
    type Target = Services;

    fn deref(&self) -> &Services {
        &self.0
    }
}
