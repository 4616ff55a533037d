//! The outbox at work: deliveries are claimed when they are due, tried, and tried again with a
//! growing pause, until they arrive or are given up.

use std::time::Duration;

use cavuer_base::clock;
use cavuer_protocol::{Timestamp, notice};
use cavuer_store::{Delivery, DueDeliveries};
use tokio_util::task::TaskTracker;

use crate::Engine;
use crate::channel_kinds::Undelivered;

/// Deliveries that are tried at the same time.
const PARALLEL: usize = 32;
/// Longest time for one attempt.
const ATTEMPT_TIME: Duration = Duration::from_secs(30);
/// Time after which a delivery that nobody told of is tried again, in milliseconds.
const LEASE_MILLIS: i64 = 60_000;
/// Attempts before a message is given up: with the pauses between them, about a day.
const ATTEMPTS: u32 = 16;
/// Pause after the first attempt; it doubles each time.
const FIRST_PAUSE_MILLIS: i64 = 2_000;
const LONGEST_PAUSE_MILLIS: i64 = 4 * 3_600_000;
/// Pause after the store failed, before it is asked again.
const STORE_PAUSE_MILLIS: i64 = 1_000;

/// Brings messages until the server stops. What is under way then is finished or tried again later.
pub async fn work(engine: Engine) {
    if engine.channel_kinds.is_empty() {
        return engine.stopping.cancelled().await;
    }
    let under_way = TaskTracker::new();
    while !engine.stopping.is_cancelled() {
        let next = begin_due(&engine, &under_way).await;
        tokio::select! {
            () = engine.outbox_changed.notified() => {}
            () = wait(&engine, next) => {}
            () = engine.stopping.cancelled() => {}
        }
    }
    under_way.close();
    under_way.wait().await;
}

/// Begins what is due, and says when to look again unless something changes earlier.
async fn begin_due(engine: &Engine, under_way: &TaskTracker) -> Option<Timestamp> {
    let now = engine.clock.now();
    let room = u32::try_from(PARALLEL.saturating_sub(under_way.len())).unwrap_or_default();
    let until = now.plus_millis(LEASE_MILLIS);
    match engine.store.claim_deliveries(now, until, room).await {
        Ok(DueDeliveries { claimed, next_due }) => {
            for delivery in claimed {
                let engine = engine.clone();
                under_way.spawn(async move { attempt(&engine, delivery, now).await });
            }
            // What is due and was not claimed waits for room, which is news of its own.
            next_due.filter(|due| *due > now)
        }
        Err(error) => {
            tracing::error!(%error, "the outbox cannot be read");
            Some(now.plus_millis(STORE_PAUSE_MILLIS))
        }
    }
}

async fn wait(engine: &Engine, until: Option<Timestamp>) {
    match until {
        Some(until) => engine.clock.sleep_until(until).await,
        None => std::future::pending().await,
    }
}

/// Tries a delivery, which was claimed at `now`; the pause after it counts from there.
async fn attempt(engine: &Engine, delivery: Delivery, now: Timestamp) {
    let (id, attempt) = (delivery.id, delivery.attempt);
    let told = match deliver(engine, &delivery).await {
        Ok(()) => {
            engine.metrics.deliveries.inc();
            engine.store.delivered(id, attempt).await
        }
        Err(Undelivered { reason, for_good }) => {
            engine.metrics.failed_deliveries.inc();
            let is_over = for_good || attempt >= ATTEMPTS;
            let message = delivery.message.id;
            tracing::warn!(%message, attempt, reason = reason.english(), is_over, "a message has not arrived");
            let again = now.plus_millis(pause_millis(engine, attempt));
            let due_at = (!is_over).then_some(again);
            engine.store.not_delivered(id, attempt, reason.to_stored(), due_at).await
        }
    };
    if let Err(error) = told {
        tracing::error!(%error, "what came of a delivery could not be stored");
    }
    // There is room for another one, and perhaps the next message of the conversation.
    engine.outbox_changed.notify_one();
}

async fn deliver(engine: &Engine, delivery: &Delivery) -> Result<(), Undelivered> {
    let Some(kind) = engine.channel_kinds.get(&delivery.kind) else {
        let reason = notice::channel_kind_unknown(&delivery.kind);
        return Err(Undelivered { reason, for_good: false });
    };
    clock::timeout(ATTEMPT_TIME, kind.deliver(delivery)).await.unwrap_or_else(|_| {
        let reason = notice::delivery_too_slow(ATTEMPT_TIME.as_secs());
        Err(Undelivered { reason, for_good: false })
    })
}

/// Exponential, with up to a quarter more by chance, so that many that failed together do not come
/// back together.
fn pause_millis(engine: &Engine, attempt: u32) -> i64 {
    let doubled = FIRST_PAUSE_MILLIS << attempt.saturating_sub(1).min(20);
    let pause = doubled.min(LONGEST_PAUSE_MILLIS);
    let [chance] = engine.random.bytes();
    pause + pause / 4 * i64::from(chance) / 255
}
