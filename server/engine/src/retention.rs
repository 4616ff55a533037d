//! Conversations are kept as long as their agents say, and no longer.

use crate::Engine;
use crate::conversations::delete_expired;

/// How often conversations past their time are looked for, in milliseconds.
const INTERVAL_MILLIS: i64 = 3_600_000;

/// Deletes conversations past their time until the server stops.
pub async fn work(engine: Engine) {
    while !engine.stopping.is_cancelled() {
        let next = engine.clock.now().plus_millis(INTERVAL_MILLIS);
        match delete_expired(&engine).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "conversations past their time are deleted"),
            Err(error) => tracing::error!(%error, "conversations past their time are still here"),
        }
        tokio::select! {
            () = engine.clock.sleep_until(next) => {}
            () = engine.stopping.cancelled() => {}
        }
    }
}
