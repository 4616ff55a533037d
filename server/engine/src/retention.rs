//! Conversations are kept as long as their agents say, and no longer.

use std::sync::Arc;

use cavuer_base::clock::SharedClock;
use tokio_util::sync::CancellationToken;

use crate::basics::Basics;
use crate::conversations::{Conversations, delete_expired};

/// How often conversations past their time are looked for, in milliseconds.
const INTERVAL_MILLIS: i64 = 3_600_000;

/// What conversations past their time are deleted with.
pub struct Retention {
    clock: SharedClock,
    stopping: CancellationToken,
    conversations: Arc<Conversations>,
}

impl Retention {
    pub(crate) fn new(basics: &Basics, conversations: Arc<Conversations>) -> Self {
        let Basics { clock, stopping, .. } = basics.clone();
        Self { clock, stopping, conversations }
    }
}

/// Deletes conversations past their time until the server stops.
pub async fn work(retention: Arc<Retention>) {
    while !retention.stopping.is_cancelled() {
        let next = retention.clock.now().plus_millis(INTERVAL_MILLIS);
        match delete_expired(&retention.conversations).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "conversations past their time are deleted"),
            Err(error) => tracing::error!(%error, "conversations past their time are still here"),
        }
        tokio::select! {
            () = retention.clock.sleep_until(next) => {}
            () = retention.stopping.cancelled() => {}
        }
    }
}
