use cavuer_base::clock;
use std::time::Duration;

use cavuer_protocol::Timestamp;

use super::hand_over;
use super::in_work::InWork;
use crate::Engine;
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
pub async fn work(engine: Engine) {
    beat(&engine).await;
    recover(&engine).await;
    let mut tidy_at = engine.clock.now().plus_millis(HOUSEKEEPING_MILLIS);
    while !engine.stopping.is_cancelled() {
        if engine.clock.now() >= tidy_at {
            beat(&engine).await;
            housekeeping(&engine).await;
            tidy_at = engine.clock.now().plus_millis(HOUSEKEEPING_MILLIS);
        }
        let due = [begin_due(&engine).await, hand_over::give_up_overdue(&engine).await];
        let next = due.into_iter().flatten().fold(tidy_at, Timestamp::min);
        tokio::select! {
            () = engine.turns_changed.notified() => {}
            () = engine.clock.sleep_until(next) => {}
            () = engine.stopping.cancelled() => {}
        }
    }
    if clock::timeout(GRACE, engine.running.finished()).await.is_err() {
        tracing::info!(turns = engine.running.count(), "answers in the making are parked");
        engine.running.cancel_all();
        engine.running.finished().await;
        recover(&engine).await;
    }
}

/// Begins the turns that are due, and says when to look again unless something changes earlier.
///
/// A turn that is due as soon as its message is stored never comes here, as long as there is
/// room: whoever stores the message claims it along and begins it.
async fn begin_due(engine: &Engine) -> Option<Timestamp> {
    let now = engine.clock.now();
    let room = u32::try_from(engine.running.room()).unwrap_or(u32::MAX);
    match engine.store.claim_due_turns(now, room).await {
        Ok(DueTurns { claimed, next_due }) => {
            for turn in claimed {
                InWork::begin(engine, turn.id).answer(turn);
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
async fn beat(engine: &Engine) {
    if let Err(error) = engine.store.beat(engine.clock.now()).await {
        tracing::error!(%error, "other servers cannot be told that this one is alive");
    }
}

/// Puts back what was in work and is in nobody's hands: after a crash, or after the store failed
/// while an answer was to be stored.
async fn recover(engine: &Engine) {
    let (now, running) = (engine.clock.now(), engine.clone());
    match engine.store.recover_turns(now, move |turn| running.running.contains(turn)).await {
        Ok(0) => {}
        Ok(turns) => tracing::info!(turns, "unfinished answers will be written again"),
        Err(error) => tracing::error!(%error, "unfinished answers cannot be looked up"),
    }
}

async fn housekeeping(engine: &Engine) {
    recover(engine).await;
    if let Err(error) = engine.store.tidy_search().await {
        tracing::error!(%error, "the search index cannot be tidied");
    }
    let before = engine.clock.now().plus_millis(-UNSENT_MILLIS);
    match engine.store.sweep_attachments(before).await {
        Ok(0) => {}
        Ok(uploads) => tracing::info!(uploads, "uploads that no message came for are gone"),
        Err(error) => tracing::error!(%error, "old uploads cannot be deleted"),
    }
    engine.live.sweep(engine.clock.now());
}
