//! The processes that work with one database, and how they tell each other that they are there.

use cavuer_protocol::Timestamp;

use crate::sql::params;
use crate::{Store, StoreError};

/// A worker that has not been seen for as long is gone, in milliseconds.
pub(crate) const ALIVE_MILLIS: i64 = 150_000;
/// A worker that has not been seen for as long is forgotten, in milliseconds.
const KNOWN_MILLIS: i64 = 3_600_000;

/// A condition: what this column says who works on it is in the hands of this worker, of one that
/// is gone, or of nobody. Its parameters are this worker and [`seen_before`].
macro_rules! perhaps_left {
    ($worker:literal) => {
        concat!(
            "(",
            $worker,
            " = ?1 OR NOT EXISTS (SELECT 1 FROM worker
                 WHERE worker.id = ",
            $worker,
            " AND worker.seen_at > ?2))"
        )
    };
}
pub(crate) use perhaps_left;

impl Store {
    /// Tells the other processes that work with the database that this one is alive. They hold it
    /// for dead when they have not heard of it for two and a half minutes.
    pub async fn beat(&self, now: Timestamp) -> Result<(), StoreError> {
        let worker = self.worker.clone();
        self.database
            .write(move |sql| {
                sql.execute(
                    "INSERT INTO worker (id, seen_at) VALUES (?1, ?2)
                     ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at",
                    params![&*worker, now],
                )?;
                sql.execute(
                    "DELETE FROM worker WHERE seen_at < ?1",
                    params![now.plus_millis(-KNOWN_MILLIS)],
                )?;
                Ok(())
            })
            .await
    }
}

/// Who was seen last before this is gone.
pub(crate) fn seen_before(now: Timestamp) -> Timestamp {
    now.plus_millis(-ALIVE_MILLIS)
}
