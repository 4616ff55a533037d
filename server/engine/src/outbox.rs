//! The outbox at work: deliveries are claimed when they are due, tried, and tried again with a
//! growing pause, until they arrive or are given up.

use std::sync::Arc;
use std::time::Duration;

use cavuer_base::clock::{self, SharedClock};
use cavuer_base::random::Random;
use cavuer_protocol::{Timestamp, notice};
use cavuer_store::{Delivery, DueDeliveries, Store};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::basics::Basics;
use crate::channel_kinds::{ChannelKinds, Undelivered};
use crate::metrics::Metrics;

/// Deliveries that are tried at the same time.
const PARALLEL: usize = 32;
/// Longest time for one attempt.
const ATTEMPT_TIME: Duration = Duration::from_secs(30);
/// Time after which a delivery that nobody told of is tried again, in milliseconds.
const LEASE_MILLIS: i64 = 60_000;
/// How often the worker looks for what another server of the same database left behind, in
/// milliseconds.
const LOOK_AGAIN_MILLIS: i64 = 60_000;
/// How long a shutdown waits for messages under way. What is not done then is brought again.
const GRACE: Duration = Duration::from_secs(8);
/// Attempts before a message is given up: with the pauses between them, about half a day.
const ATTEMPTS: u32 = 16;
/// Pause after the first attempt; it doubles each time.
const FIRST_PAUSE_MILLIS: i64 = 2_000;
const LONGEST_PAUSE_MILLIS: i64 = 4 * 3_600_000;
/// Pause after the store failed, before it is asked again.
const STORE_PAUSE_MILLIS: i64 = 1_000;

/// What messages are brought with.
pub struct Outbox {
    store: Store,
    clock: SharedClock,
    random: Arc<Random>,
    stopping: CancellationToken,
    metrics: Arc<Metrics>,
    channel_kinds: ChannelKinds,
    /// Wakes the worker: there may be a message to bring.
    changed: Arc<Notify>,
}

impl Outbox {
    pub(crate) fn new(
        basics: &Basics,
        metrics: Arc<Metrics>,
        channel_kinds: ChannelKinds,
        changed: Arc<Notify>,
    ) -> Self {
        let Basics { store, clock, random, stopping } = basics.clone();
        Self { store, clock, random, stopping, metrics, channel_kinds, changed }
    }
}

/// Brings messages until the server stops. What is under way then is finished or tried again later.
pub async fn work(outbox: Arc<Outbox>) {
    if outbox.channel_kinds.is_empty() {
        return outbox.stopping.cancelled().await;
    }
    let under_way = TaskTracker::new();
    while !outbox.stopping.is_cancelled() {
        let next = begin_due(&outbox, &under_way).await;
        tokio::select! {
            () = outbox.changed.notified() => {}
            () = outbox.clock.sleep_until(next) => {}
            () = outbox.stopping.cancelled() => {}
        }
    }
    under_way.close();
    if clock::timeout(GRACE, under_way.wait()).await.is_err() {
        tracing::info!(messages = under_way.len(), "messages under way will be brought again");
    }
}

/// Begins what is due, and says when to look again unless something changes earlier.
async fn begin_due(outbox: &Arc<Outbox>, under_way: &TaskTracker) -> Timestamp {
    let now = outbox.clock.now();
    let latest = now.plus_millis(LOOK_AGAIN_MILLIS);
    let room = u32::try_from(PARALLEL.saturating_sub(under_way.len())).unwrap_or_default();
    let until = now.plus_millis(LEASE_MILLIS);
    match outbox.store.claim_deliveries(now, until, room).await {
        Ok(DueDeliveries { claimed, next_due }) => {
            for delivery in claimed {
                let (outbox, takes_room) = (Arc::clone(outbox), under_way.token());
                tokio::spawn(async move {
                    attempt(&outbox, delivery, now).await;
                    drop(takes_room);
                    // There is room for another one, and perhaps for the conversation's next.
                    outbox.changed.notify_one();
                });
            }
            // What is due and was not claimed waits for room, which is news of its own.
            let next_due = next_due.filter(|due| *due > now);
            next_due.map_or(latest, |due| due.min(latest))
        }
        Err(error) => {
            tracing::error!(%error, "the outbox cannot be read");
            now.plus_millis(STORE_PAUSE_MILLIS)
        }
    }
}

/// Tries a delivery, which was claimed at `now`; the pause after it counts from there.
async fn attempt(outbox: &Outbox, delivery: Delivery, now: Timestamp) {
    let (id, attempt) = (delivery.id, delivery.attempt);
    let told = match deliver(outbox, &delivery).await {
        Ok(()) => {
            outbox.metrics.deliveries.inc();
            outbox.store.delivered(id, attempt).await
        }
        Err(Undelivered { reason, for_good }) => {
            outbox.metrics.failed_deliveries.inc();
            let is_over = for_good || attempt >= ATTEMPTS;
            let message = delivery.message.id;
            tracing::warn!(%message, attempt, reason = reason.english(), is_over, "a message has not arrived");
            if is_over {
                outbox.metrics.given_up_deliveries.inc();
            }
            let again = now.plus_millis(pause_millis(outbox, attempt));
            let due_at = (!is_over).then_some(again);
            outbox.store.not_delivered(id, attempt, reason.to_stored(), due_at).await
        }
    };
    if let Err(error) = told {
        tracing::error!(%error, "what came of a delivery could not be stored");
    }
}

async fn deliver(outbox: &Outbox, delivery: &Delivery) -> Result<(), Undelivered> {
    let Some(kind) = outbox.channel_kinds.get(&delivery.kind) else {
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
fn pause_millis(outbox: &Outbox, attempt: u32) -> i64 {
    let doubled = FIRST_PAUSE_MILLIS << attempt.saturating_sub(1).min(20);
    let pause = doubled.min(LONGEST_PAUSE_MILLIS);
    let [chance] = outbox.random.bytes();
    pause + pause / 4 * i64::from(chance) / 255
}
