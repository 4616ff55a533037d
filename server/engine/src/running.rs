//! The turns that this process works on.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use cavuer_protocol::{ConversationId, TurnId};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

/// Answers that are written at the same time.
const PARALLEL_TURNS: usize = 256;

/// The turns that this process works on now.
#[derive(Default)]
pub(crate) struct RunningTurns {
    turns: Mutex<HashMap<TurnId, Work>>,
    /// Knows when the last of them has ended.
    tracker: TaskTracker,
    changed: Notify,
}

/// A turn that counts as work, and how to learn that nobody wants it any more.
pub(crate) struct Counted {
    turn: TurnId,
    cancelled: CancellationToken,
    _tracked: TaskTrackerToken,
}

impl Counted {
    /// Waits until nobody wants the answer any more.
    pub(crate) async fn cancelled(&self) {
        self.cancelled.cancelled().await;
    }
}

#[derive(Default)]
struct Work {
    /// Known once the turn is claimed.
    conversation: Option<ConversationId>,
    cancelled: CancellationToken,
}

impl RunningTurns {
    /// Counts a turn as work, until [`RunningTurns::count_out`].
    pub(crate) fn count_in(&self, turn: TurnId) -> Counted {
        let cancelled = self.lock().entry(turn).or_default().cancelled.clone();
        Counted { turn, cancelled, _tracked: self.tracker.token() }
    }

    /// The turn is no work any more.
    pub(crate) fn count_out(&self, counted: &Counted) {
        self.lock().remove(&counted.turn);
    }

    /// Notes whose turn it is, once that is known.
    pub(crate) fn belongs_to(&self, turn: TurnId, conversation: ConversationId) {
        if let Some(work) = self.lock().get_mut(&turn) {
            work.conversation = Some(conversation);
        }
    }

    /// Stops the work on a conversation's answer, because a person took over or the
    /// conversation is gone.
    pub(crate) fn cancel(&self, conversation: ConversationId) {
        for work in self.lock().values() {
            if work.conversation == Some(conversation) {
                work.cancelled.cancel();
            }
        }
    }

    /// Stops the work on one turn, because it is to be begun anew.
    pub(crate) fn cancel_turn(&self, turn: TurnId) {
        if let Some(work) = self.lock().get(&turn) {
            work.cancelled.cancel();
        }
    }

    /// Wakes the scheduler, because a turn may be due earlier than it knows.
    pub(crate) fn wake(&self) {
        self.changed.notify_one();
    }

    /// Until a turn may be due.
    pub(crate) async fn woken(&self) {
        self.changed.notified().await;
    }

    /// How many turns are in work.
    pub(crate) fn count(&self) -> usize {
        self.lock().len()
    }

    /// Whether this process works on a turn.
    pub(crate) fn contains(&self, turn: TurnId) -> bool {
        self.lock().contains_key(&turn)
    }

    /// How many more turns may be begun.
    pub(crate) fn room(&self) -> usize {
        PARALLEL_TURNS.saturating_sub(self.count())
    }

    /// Waits until no answer is being written.
    pub(crate) async fn finished(&self) {
        self.tracker.close();
        self.tracker.wait().await;
    }

    /// Stops the work on all turns.
    pub(crate) fn cancel_all(&self) {
        for work in self.lock().values() {
            work.cancelled.cancel();
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<TurnId, Work>> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
