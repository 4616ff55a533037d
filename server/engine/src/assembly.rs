//! The engine, put together: which room is given what.
//!
//! A room has a struct of its own that holds what the room uses and nothing else, the rooms below
//! it among that, and its functions take it first. So no room knows the engine as a whole.

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
use crate::conversations::Conversations;
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
use crate::retention::Retention;
use crate::running::RunningTurns;
use crate::turns::playground::Playground;
use crate::turns::{Answering, Turns};
use crate::vault::Vault;
use crate::workspaces::Workspaces;

/// What the engine is put together from.
pub struct EngineParts {
    /// Everything that is kept.
    pub store: Store,
    /// Where the time comes from.
    pub clock: SharedClock,
    /// Where chance comes from.
    pub random: Random,
    /// The models of the server, and the ways to ask those of workspaces.
    pub models: Models,
    /// Seals the keys of providers and the headers of functions.
    pub vault: Vault,
    /// For the functions of agents: whoever owns an agent chooses where they lead.
    pub outbound: Outbound,
    /// Kinds of channels beside the widget.
    pub channel_kinds: ChannelKinds,
    /// Reads files.
    pub extractor: Extractor,
}

/// The engine's rooms, each with what it uses, and what lies below all of them.
pub struct Engine {
    /// Everything that is kept.
    pub store: Store,
    /// Where the time comes from.
    pub clock: SharedClock,
    /// Where chance comes from.
    pub random: Arc<Random>,
    /// Cancelled when the server shuts down: streams end, turns are parked.
    pub stopping: CancellationToken,
    /// The events that consoles and visitors listen to.
    pub live: Live,
    /// What is measured.
    pub metrics: Arc<Metrics>,
    /// See [`crate::accounts`].
    pub accounts: Arc<Accounts>,
    /// See [`crate::agents`].
    pub agents: Arc<Agents>,
    /// See [`crate::articles`].
    pub articles: Arc<Articles>,
    /// See [`crate::channels`].
    pub channels: Arc<Channels>,
    /// See [`crate::conversations`].
    pub conversations: Arc<Conversations>,
    /// See [`crate::embeddings`].
    pub embeddings: Arc<Embeddings>,
    /// See [`crate::functions`].
    pub functions: Arc<Functions>,
    /// See [`crate::outbox`].
    pub outbox: Arc<Outbox>,
    /// See [`crate::turns::playground`].
    pub playground: Arc<Playground>,
    /// See [`crate::provider_setup`].
    pub provider_setup: Arc<ProviderSetup>,
    /// See [`crate::providers`].
    pub providers: Arc<Providers>,
    /// See [`crate::retention`].
    pub retention: Arc<Retention>,
    /// See [`crate::turns`].
    pub turns: Arc<Turns>,
    /// See [`crate::workspaces`].
    pub workspaces: Arc<Workspaces>,
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
        let conversations = Arc::new(Conversations::new(
            &basics,
            live.clone(),
            news,
            metrics.clone(),
            providers.clone(),
            running,
            turns.clone(),
        ));
        let retention = Retention::new(&basics, conversations.clone());
        let Basics { store, clock, random, stopping } = basics;
        Self {
            store,
            clock,
            random,
            stopping,
            live,
            metrics,
            accounts: Arc::new(accounts),
            agents,
            articles: Arc::new(articles),
            channels: Arc::new(channels),
            conversations,
            embeddings,
            functions,
            outbox: Arc::new(outbox),
            playground: Arc::new(playground),
            provider_setup: Arc::new(provider_setup),
            providers,
            retention: Arc::new(retention),
            turns,
            workspaces: Arc::new(workspaces),
        }
    }
}
