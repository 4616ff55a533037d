use std::time::Duration;

use cavuer_protocol::Timestamp;

use super::hand_over;
use super::running::InWork;
use crate::app::App;
use crate::attachments::UNSENT_MILLIS;
use crate::store::DueTurns;

/// How long a shutdown waits for answers that are almost done, before it parks them.
const GRACE: Duration = Duration::from_secs(8);
/// Pause after the store failed, before it is asked again.
const STORE_PAUSE_MILLIS: i64 = 1_000;
/// How often limits, live topics and lost turns are tidied, in milliseconds.
const HOUSEKEEPING_MILLIS: i64 = 60_000;

/// Works on turns until the server stops. Turns that are unfinished then are put back.
pub async fn work(app: App) {
    recover(&app).await;
    let mut tidy_at = app.clock.now().plus_millis(HOUSEKEEPING_MILLIS);
    while !app.stopping.is_cancelled() {
        if app.clock.now() >= tidy_at {
            housekeeping(&app).await;
            tidy_at = app.clock.now().plus_millis(HOUSEKEEPING_MILLIS);
        }
        let due = [begin_due(&app).await, hand_over::give_up_overdue(&app).await];
        let next = due.into_iter().flatten().fold(tidy_at, Timestamp::min);
        tokio::select! {
            () = app.turns_changed.notified() => {}
            () = app.clock.sleep_until(next) => {}
            () = app.stopping.cancelled() => {}
        }
    }
    if tokio::time::timeout(GRACE, app.agent_turns.finished()).await.is_err() {
        tracing::info!(turns = app.agent_turns.count(), "answers in the making are parked");
        app.agent_turns.cancel_all();
        app.agent_turns.finished().await;
        recover(&app).await;
    }
}

/// Begins the turns that are due, and says when to look again unless something changes earlier.
///
/// A turn that is due as soon as its message is stored never comes here, as long as there is
/// room: whoever stores the message claims it along and begins it.
async fn begin_due(app: &App) -> Option<Timestamp> {
    let now = app.clock.now();
    let room = u32::try_from(app.agent_turns.room()).unwrap_or(u32::MAX);
    match app.store.claim_due_turns(now, room).await {
        Ok(DueTurns { claimed, next_due }) => {
            for turn in claimed {
                InWork::begin(app, turn.id).answer(turn);
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

/// Puts back what was in work and is in nobody's hands: after a crash, or after the store failed
/// while an answer was to be stored.
async fn recover(app: &App) {
    let running = app.clone();
    match app.store.recover_turns(move |turn| running.agent_turns.contains(turn)).await {
        Ok(0) => {}
        Ok(turns) => tracing::info!(turns, "unfinished answers will be written again"),
        Err(error) => tracing::error!(%error, "unfinished answers cannot be looked up"),
    }
}

async fn housekeeping(app: &App) {
    recover(app).await;
    if let Err(error) = app.store.tidy_search().await {
        tracing::error!(%error, "the search index cannot be tidied");
    }
    let before = app.clock.now().plus_millis(-UNSENT_MILLIS);
    match app.store.sweep_attachments(before).await {
        Ok(0) => {}
        Ok(uploads) => tracing::info!(uploads, "uploads that no message came for are gone"),
        Err(error) => tracing::error!(%error, "old uploads cannot be deleted"),
    }
    app.limits.sweep();
    app.hub.sweep(app.clock.now());
}
