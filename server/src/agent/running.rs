use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use cavuer_protocol::{ConversationId, TurnId};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::answer;
use super::purse::Purse;
use crate::app::App;
use crate::store::ClaimedTurn;

/// Answers that are written at the same time.
const PARALLEL_TURNS: usize = 256;

/// The turns that this process works on now.
#[derive(Default)]
pub struct RunningTurns {
    turns: Mutex<HashMap<TurnId, Work>>,
    /// Knows when the last of them has ended.
    tracker: TaskTracker,
}

/// A turn that counts as work until this is dropped: also when its task panics or is aborted, or
/// nobody would ever find the turn again.
pub struct InWork {
    app: App,
    turn: TurnId,
    cancelled: CancellationToken,
    _tracked: TaskTrackerToken,
}

#[derive(Default)]
struct Work {
    /// Known once the turn is claimed.
    conversation: Option<ConversationId>,
    cancelled: CancellationToken,
}

impl InWork {
    /// Counts a turn as work from before it is claimed, so that housekeeping cannot take it for a
    /// lost one. `None`: the server stops, or writes as many answers as it does at once.
    pub fn if_room(app: &App, turn: TurnId) -> Option<Self> {
        let may = !app.stopping.is_cancelled() && app.agent_turns.room() > 0;
        may.then(|| Self::begin(app, turn))
    }

    /// Counts a turn as work.
    pub(super) fn begin(app: &App, turn: TurnId) -> Self {
        let running = &app.agent_turns;
        let cancelled = running.lock().entry(turn).or_default().cancelled.clone();
        Self { app: app.clone(), turn, cancelled, _tracked: running.tracker.token() }
    }

    /// Answers the turn, which has been claimed, in a task of its own.
    pub fn answer(self, turn: ClaimedTurn) {
        if let Some(work) = self.app.agent_turns.lock().get_mut(&self.turn) {
            work.conversation = Some(turn.place.conversation);
        }
        let (channel, agent) = (turn.place.visitor.channel, turn.agent_id);
        tokio::spawn(async move {
            let purse = Purse::default();
            tokio::select! {
                biased;
                () = self.cancelled.cancelled() => {}
                () = answer::write(&self.app, turn, &purse) => {}
            }
            purse.book(&self.app, channel, agent).await;
        });
    }
}

impl Drop for InWork {
    fn drop(&mut self) {
        self.app.agent_turns.lock().remove(&self.turn);
        // There is room for another turn, and the conversation may have a newer one.
        self.app.turns_changed.notify_one();
    }
}

impl RunningTurns {
    /// Stops the work on a conversation's answer, because a person took over or the
    /// conversation is gone.
    pub fn cancel(&self, conversation: ConversationId) {
        for work in self.lock().values() {
            if work.conversation == Some(conversation) {
                work.cancelled.cancel();
            }
        }
    }

    /// Stops the work on one turn, because it is to be begun anew.
    pub fn cancel_turn(&self, turn: TurnId) {
        if let Some(work) = self.lock().get(&turn) {
            work.cancelled.cancel();
        }
    }

    /// How many turns are in work.
    pub fn count(&self) -> usize {
        self.lock().len()
    }

    /// Whether this process works on a turn.
    pub fn contains(&self, turn: TurnId) -> bool {
        self.lock().contains_key(&turn)
    }

    /// How many more turns may be begun.
    pub(super) fn room(&self) -> usize {
        PARALLEL_TURNS.saturating_sub(self.count())
    }

    /// Waits until no answer is being written.
    pub(super) async fn finished(&self) {
        self.tracker.close();
        self.tracker.wait().await;
    }

    /// Stops the work on all turns.
    pub(super) fn cancel_all(&self) {
        for work in self.lock().values() {
            work.cancelled.cancel();
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<TurnId, Work>> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
