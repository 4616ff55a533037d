use cavuer_base::clock;
use std::sync::Arc;
use std::time::Duration;

use cavuer_protocol::Timestamp;

use super::in_work::InWork;
use super::{Turns, hand_over};
use crate::attachments::UNSENT_MILLIS;
use cavuer_store::DueTurns;

/// How long a shutdown waits for answers that are almost done, before it parks them.
const GRACE: Duration = Duration::from_secs(8);
/// Pause after the store failed, before it is asked again.
const STORE_PAUSE_MILLIS: i64 = 1_000;
/// How often live topics and lost turns are tidied, in milliseconds. With it other servers of the
/// same database are told that this one is alive: twice within the time after which the store takes
/// it for gone.
const HOUSEKEEPING_MILLIS: i64 = 60_000;

/// Works on turns until the server stops. Turns that are unfinished then are put back.
pub async fn work(turns: Arc<Turns>) {
    beat(&turns).await;
    recover(&turns).await;
    let mut tidy_at = turns.clock.now().plus_millis(HOUSEKEEPING_MILLIS);
    while !turns.stopping.is_cancelled() {
        if turns.clock.now() >= tidy_at {
            beat(&turns).await;
            housekeeping(&turns).await;
            tidy_at = turns.clock.now().plus_millis(HOUSEKEEPING_MILLIS);
        }
        let due = [begin_due(&turns).await, hand_over::give_up_overdue(&turns).await];
        let next = due.into_iter().flatten().fold(tidy_at, Timestamp::min);
        tokio::select! {
            () = turns.running.woken() => {}
            () = turns.clock.sleep_until(next) => {}
            () = turns.stopping.cancelled() => {}
        }
    }
    if clock::timeout(GRACE, turns.running.finished()).await.is_err() {
        tracing::info!(turns = turns.running.count(), "answers in the making are parked");
        turns.running.cancel_all();
        turns.running.finished().await;
        recover(&turns).await;
    }
}

/// Begins the turns that are due, and says when to look again unless something changes earlier.
///
/// A turn that is due as soon as its message is stored never comes here, as long as there is
/// room: whoever stores the message claims it along and begins it.
async fn begin_due(turns: &Arc<Turns>) -> Option<Timestamp> {
    let now = turns.clock.now();
    let room = u32::try_from(turns.running.room()).unwrap_or(u32::MAX);
    match turns.store.claim_due_turns(now, room).await {
        Ok(DueTurns { claimed, next_due }) => {
            for turn in claimed {
                InWork::begin(turns, turn.id).answer(turn);
            }
            // What is due and was not claimed waits for room, which is news of its own.
            next_due.filter(|due| *due > now)
        }
        Err(error) => {
            tracing::error!(%error, "turns cannot be claimed");
            Some(now.plus_millis(STORE_PAUSE_MILLIS))
        }
    }
}

/// Keeps other servers of the same database from taking this one's turns for lost.
async fn beat(turns: &Turns) {
    if let Err(error) = turns.store.beat(turns.clock.now()).await {
        tracing::error!(%error, "other servers cannot be told that this one is alive");
    }
}

/// Puts back what was in work and is in nobody's hands: after a crash, or after the store failed
/// while an answer was to be stored.
async fn recover(turns: &Turns) {
    let (now, running) = (turns.clock.now(), turns.running.clone());
    match turns.store.recover_turns(now, move |turn| running.contains(turn)).await {
        Ok(0) => {}
        Ok(turns) => tracing::info!(turns, "unfinished answers will be written again"),
        Err(error) => tracing::error!(%error, "unfinished answers cannot be looked up"),
    }
}

async fn housekeeping(turns: &Turns) {
    recover(turns).await;
    if let Err(error) = turns.store.tidy_search().await {
        tracing::error!(%error, "the search index cannot be tidied");
    }
    let before = turns.clock.now().plus_millis(-UNSENT_MILLIS);
    match turns.store.sweep_attachments(before).await {
        Ok(0) => {}
        Ok(uploads) => tracing::info!(uploads, "uploads that no message came for are gone"),
        Err(error) => tracing::error!(%error, "old uploads cannot be deleted"),
    }
    turns.live.sweep(turns.clock.now());
}
