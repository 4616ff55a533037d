use cavuer_protocol::console::AgentSettings;
use cavuer_protocol::{TurnId, WorkspaceId};
use cavuer_store::ClaimedTurn;

use crate::Engine;

/// Whose models are asked, and who follows the answer as it grows.
#[derive(Clone, Copy)]
pub(super) struct Asking<'a> {
    pub engine: &'a Engine,
    pub workspace: WorkspaceId,
    pub agent: &'a AgentSettings,
    /// 1 for the first attempt.
    pub attempt: u32,
    /// The turn whose conversation is shown the answer; `None` in the playground.
    pub turn: Option<&'a ClaimedTurn>,
}

impl<'a> Asking<'a> {
    /// For the answer to a turn.
    pub(super) fn of(engine: &'a Engine, turn: &'a ClaimedTurn) -> Self {
        let (workspace, attempt) = (turn.place.workspace, turn.attempt);
        Self { engine, workspace, agent: &turn.agent, attempt, turn: Some(turn) }
    }

    /// For logs.
    pub(super) fn turn_id(&self) -> Option<TurnId> {
        self.turn.map(|turn| turn.id)
    }
}
