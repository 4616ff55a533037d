//! What every request handler and background task shares.

use std::ops::Deref;
use std::sync::Arc;

use crate::agent::RunningTurns;
use crate::articles;
use crate::clock::SharedClock;
use crate::config::Config;
use crate::guard::limits::Limits;
use crate::guard::refusals::Refusals;
use crate::guard::signing::SigningKey;
use crate::hub::Hub;
use crate::knowledge::extract::process::Extractor;
use crate::llm::Models;
use crate::meaning::MeaningWork;
use crate::metrics::Metrics;
use crate::outbound::Outbound;
use crate::providers::ProviderFailures;
use crate::random::Random;
use crate::store::Store;
use crate::vault::Vault;

/// The server's parts, cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// See [`App`].
pub struct Parts {
    pub config: Config,
    pub store: Store,
    pub hub: Hub,
    pub clock: SharedClock,
    pub random: Random,
    pub models: Models,
    pub provider_failures: ProviderFailures,
    pub limits: Limits,
    pub refusals: Refusals,
    pub signing: SigningKey,
    pub vault: Vault,
    /// For the functions of agents: whoever owns an agent chooses where they lead.
    pub outbound: Outbound,
    pub metrics: Metrics,
    pub agent_turns: RunningTurns,
    pub extractor: Extractor,
    pub indexing: articles::Progress,
    pub meaning: MeaningWork,
    /// Wakes the scheduler when a turn may be due earlier than it knows.
    pub turns_changed: tokio::sync::Notify,
    /// Cancelled when the server shuts down: streams end, turns are parked.
    pub stopping: tokio_util::sync::CancellationToken,
}

impl App {
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
