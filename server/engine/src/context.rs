//! What the rooms of the engine share.

use std::ops::Deref;
use std::sync::Arc;

use cavuer_base::clock::SharedClock;
use cavuer_base::random::Random;
use cavuer_models::Models;
use cavuer_models::outbound::Outbound;
use cavuer_store::Store;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::channel_kinds::ChannelKinds;
use crate::extraction::Extractor;
use crate::live::Live;
use crate::metrics::Metrics;
use crate::progress::Progress;
use crate::provider_failures::ProviderFailures;
use crate::running::RunningTurns;
use crate::vault::Vault;

/// The engine's services, cheap to clone.
#[derive(Clone)]
pub struct Engine(Arc<Services>);

/// See [`Engine`].
pub struct Services {
    pub store: Store,
    pub live: Live,
    pub clock: SharedClock,
    pub random: Random,
    pub models: Models,
    pub provider_failures: ProviderFailures,
    pub vault: Vault,
    /// For the functions of agents: whoever owns an agent chooses where they lead.
    pub outbound: Outbound,
    pub metrics: Metrics,
    pub running: RunningTurns,
    /// Kinds of channels beside the widget.
    pub channel_kinds: ChannelKinds,
    /// Wakes the worker of the outbox: there may be a message to bring.
    pub outbox_changed: Notify,
    pub extractor: Extractor,
    pub indexing: Progress,
    /// Wakes the worker that prepares passages for search by meaning: there may be new ones, or
    /// another model.
    pub embeddings_changed: Notify,
    /// Wakes the scheduler when a turn may be due earlier than it knows.
    pub turns_changed: Notify,
    /// Cancelled when the server shuts down: streams end, turns are parked.
    pub stopping: CancellationToken,
}

impl Engine {
    pub fn new(services: Services) -> Self {
        Self(Arc::new(services))
    }
}

impl Deref for Engine {
    type Target = Services;

    fn deref(&self) -> &Services {
        &self.0
    }
}
