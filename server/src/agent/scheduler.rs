use std::time::Duration;

use cavuer_protocol::Timestamp;
use tokio::task::JoinSet;

use super::answer::answer;
use crate::app::App;
use crate::store::ClaimedTurn;

/// Answers that are written at the same time.
const PARALLEL_TURNS: u32 = 256;
/// How long a shutdown waits for answers that are almost done, before it parks them.
const GRACE: Duration = Duration::from_secs(8);
/// Pause after the store failed, before it is asked again.
const STORE_PAUSE_MILLIS: i64 = 1_000;
/// How often limits, live topics and lost turns are tidied, in milliseconds.
const HOUSEKEEPING_MILLIS: i64 = 60_000;

/// Works on turns until the server stops. Turns that are unfinished then are put back.
pub async fn work(app: App) {
    recover(&app).await;
    let mut turns = JoinSet::new();
    let mut tidy_at = app.clock.now().plus_millis(HOUSEKEEPING_MILLIS);
    while !app.stopping.is_cancelled() {
        if app.clock.now() >= tidy_at {
            housekeeping(&app).await;
            tidy_at = app.clock.now().plus_millis(HOUSEKEEPING_MILLIS);
        }
        let in_work = u32::try_from(turns.len()).unwrap_or(u32::MAX);
        let free = PARALLEL_TURNS.saturating_sub(in_work);
        let next = match claim(&app, free).await {
            Claimed::Turns(claimed) => {
                for turn in claimed {
                    turns.spawn(answer(app.clone(), turn));
                }
                continue;
            }
            Claimed::Nothing { next_due } => next_due.map_or(tidy_at, |due| due.min(tidy_at)),
            Claimed::StoreFailed => app.clock.now().plus_millis(STORE_PAUSE_MILLIS),
        };
        tokio::select! {
            () = app.turns_changed.notified() => {}
            () = app.clock.sleep_until(next) => {}
            Some(_) = turns.join_next() => {}
            () = app.stopping.cancelled() => {}
        }
    }
    let all_done = async { while turns.join_next().await.is_some() {} };
    if tokio::time::timeout(GRACE, all_done).await.is_err() {
        tracing::info!(turns = turns.len(), "answers in the making are parked");
        turns.shutdown().await;
        recover(&app).await;
    }
}

enum Claimed {
    Turns(Vec<ClaimedTurn>),
    Nothing { next_due: Option<Timestamp> },
    StoreFailed,
}

async fn claim(app: &App, free: u32) -> Claimed {
    let next_due = match app.store.next_due().await {
        Ok(next_due) => next_due,
        Err(error) => {
            tracing::error!(%error, "turns cannot be looked up");
            return Claimed::StoreFailed;
        }
    };
    let now = app.clock.now();
    if free == 0 || next_due.is_none_or(|due| due > now) {
        return Claimed::Nothing { next_due: next_due.filter(|due| *due > now) };
    }
    match app.store.claim_due_turns(now, free).await {
        Ok(claimed) if claimed.is_empty() => Claimed::Nothing { next_due: None },
        Ok(claimed) => Claimed::Turns(claimed),
        Err(error) => {
            tracing::error!(%error, "turns cannot be claimed");
            Claimed::StoreFailed
        }
    }
}

/// Puts back what was in work and is in nobody's hands: after a crash, or after the store failed
/// while an answer was to be stored.
async fn recover(app: &App) {
    match app.store.recover_turns(app.agent_turns.ids()).await {
        Ok(0) => {}
        Ok(turns) => tracing::info!(turns, "unfinished answers will be written again"),
        Err(error) => tracing::error!(%error, "unfinished answers cannot be looked up"),
    }
}

async fn housekeeping(app: &App) {
    recover(app).await;
    app.limits.sweep();
    app.hub.sweep(app.clock.now());
}
