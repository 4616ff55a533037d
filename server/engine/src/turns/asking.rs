use std::sync::Arc;

use cavuer_base::clock::SharedClock;
use cavuer_protocol::console::AgentSettings;
use cavuer_protocol::{TurnId, WorkspaceId};
use cavuer_store::ClaimedTurn;

use crate::basics::Basics;
use crate::embeddings::Embeddings;
use crate::functions::Functions;
use crate::live::Live;
use crate::metrics::Metrics;
use crate::provider_failures::ProviderFailures;
use crate::providers::Providers;
use crate::usage::Ledger;

/// What an answer is written with, to a turn or in the playground.
pub(crate) struct Answering {
    pub(super) clock: SharedClock,
    pub(super) live: Live,
    pub(super) metrics: Arc<Metrics>,
    pub(super) embeddings: Arc<Embeddings>,
    pub(super) functions: Arc<Functions>,
    pub(super) providers: Arc<Providers>,
    pub(super) failures: Arc<ProviderFailures>,
    pub(super) ledger: Ledger,
}

/// Whose models are asked, and who follows the answer as it grows.
#[derive(Clone, Copy)]
pub(super) struct Asking<'a> {
    pub answering: &'a Answering,
    pub workspace: WorkspaceId,
    pub agent: &'a AgentSettings,
    /// 1 for the first attempt.
    pub attempt: u32,
    /// The turn whose conversation is shown the answer; `None` in the playground.
    pub turn: Option<&'a ClaimedTurn>,
}

impl Answering {
    pub(crate) fn new(
        basics: &Basics,
        live: Live,
        metrics: Arc<Metrics>,
        embeddings: Arc<Embeddings>,
        functions: Arc<Functions>,
        providers: Arc<Providers>,
        failures: Arc<ProviderFailures>,
    ) -> Self {
        let clock = basics.clock.clone();
        let ledger = Ledger::new(basics, metrics.clone());
        Self { clock, live, metrics, embeddings, functions, providers, failures, ledger }
    }
}

impl<'a> Asking<'a> {
    /// For the answer to a turn.
    pub(super) fn of(answering: &'a Answering, turn: &'a ClaimedTurn) -> Self {
        let (workspace, attempt) = (turn.place.workspace, turn.attempt);
        Self { answering, workspace, agent: &turn.agent, attempt, turn: Some(turn) }
    }

    /// For logs.
    pub(super) fn turn_id(&self) -> Option<TurnId> {
        self.turn.map(|turn| turn.id)
    }
}
