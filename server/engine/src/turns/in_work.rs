use std::sync::Arc;

use cavuer_protocol::TurnId;
use cavuer_store::ClaimedTurn;

use super::{Turns, answer};
use crate::running::Counted;
use crate::usage::Spending;

/// A turn that counts as work until this is dropped: also when its task panics or is aborted, or
/// nobody would ever find the turn again.
pub(crate) struct InWork {
    turns: Arc<Turns>,
    turn: Counted,
}

impl InWork {
    /// Counts a turn as work from before it is claimed, so that housekeeping cannot take it for a
    /// lost one. `None`: the server stops, or writes as many answers as it does at once.
    pub(crate) fn if_room(turns: &Arc<Turns>, turn: TurnId) -> Option<Self> {
        let may = !turns.stopping.is_cancelled() && turns.running.room() > 0;
        may.then(|| Self::begin(turns, turn))
    }

    /// Counts a turn as work.
    pub(super) fn begin(turns: &Arc<Turns>, turn: TurnId) -> Self {
        Self { turns: Arc::clone(turns), turn: turns.running.count_in(turn) }
    }

    /// Answers the turn, which has been claimed, in a task of its own.
    pub(crate) fn answer(self, turn: ClaimedTurn) {
        self.turns.running.belongs_to(turn.id, turn.place.conversation);
        let (channel, agent) = (turn.place.visitor.channel, turn.agent_id);
        tokio::spawn(async move {
            let spending = Spending::default();
            tokio::select! {
                biased;
                () = self.turn.cancelled() => {}
                () = answer::write(&self.turns, turn, &spending) => {}
            }
            spending.book(&self.turns.answering.ledger, channel, agent).await;
        });
    }
}

impl Drop for InWork {
    fn drop(&mut self) {
        self.turns.running.count_out(&self.turn);
        // There is room for another turn, and the conversation may have a newer one.
        self.turns.running.wake();
    }
}
