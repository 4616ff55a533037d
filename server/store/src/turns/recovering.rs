//! Turns whose worker is gone, and how workers tell each other that they are there.

use cavuer_protocol::{ConversationId, Timestamp, TurnId};

use super::put_back;
use crate::locking::running;
use crate::sql::{Lock, Sql, params};
use crate::{Store, StoreError};

/// A worker that has not been seen for as long is gone, in milliseconds.
const ALIVE_MILLIS: i64 = 150_000;
/// A worker that has not been seen for as long is forgotten, in milliseconds.
const KNOWN_MILLIS: i64 = 3_600_000;

impl Store {
    /// Tells the other processes that work on turns that this one is alive. They hold it for dead
    /// when they have not heard of it for two and a half minutes.
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

    /// Puts back the turns that are marked as running although nobody works on them: this process
    /// does not, or their worker is gone. Answers how many it found. The interrupted attempt still
    /// counts, so that an answer that brings the server down is not tried for ever.
    ///
    /// `in_work` is asked when the write takes place, after all writes before it.
    pub async fn recover_turns(
        &self,
        now: Timestamp,
        in_work: impl Fn(TurnId) -> bool + Send + 'static,
    ) -> Result<usize, StoreError> {
        let worker = self.worker.clone();
        self.database
            .write(move |sql| {
                let mut left = perhaps_left(sql, &worker, now)?;
                left.retain(|(_, turn, _)| !in_work(*turn));
                left.sort_unstable();
                let mut recovered = 0;
                for (conversation, turn, attempt) in left {
                    sql.lock(Lock::Conversation(conversation))?;
                    // It may have ended or moved before the lock was ours.
                    if running(sql, turn, attempt)? == Some(conversation) {
                        put_back(sql, turn, attempt, None)?;
                        recovered += 1;
                    }
                }
                Ok(recovered)
            })
            .await
    }
}

/// Running turns of this worker, of those that are gone, and of nobody. With the attempt.
fn perhaps_left(
    sql: &dyn Sql,
    worker: &str,
    now: Timestamp,
) -> Result<Vec<(ConversationId, TurnId, u32)>, StoreError> {
    sql.rows(
        "SELECT turn.conversation_id, turn.id, turn.attempts FROM turn
         WHERE turn.state = 'running' AND (turn.worker = ?1 OR NOT EXISTS (
             SELECT 1 FROM worker WHERE worker.id = turn.worker AND worker.seen_at > ?2))",
        params![worker, now.plus_millis(-ALIVE_MILLIS)],
        |row| Ok((row.get("conversation_id")?, row.get("id")?, row.get("attempts")?)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, NOW, engine_under_test};

    #[tokio::test]
    async fn a_turn_of_another_worker_is_taken_back_when_that_worker_is_gone() {
        let fixture = Fixture::new().await;
        let channel = fixture.channel(fixture.agent().await).await;
        fixture.message(&channel, "v_1", "Hello", NOW).await;
        // Opened first, because opening forgets all workers.
        let other = engine_under_test(fixture.folder.path());
        other.beat(NOW).await.unwrap();
        let claimed = other.claim_due_turns(NOW, 8).await.unwrap().claimed;
        assert_eq!(claimed.len(), 1);

        let recover = async |millis| {
            let recovered = fixture.store.recover_turns(NOW.plus_millis(millis), |_| false);
            recovered.await.unwrap()
        };
        let seen_again = ALIVE_MILLIS - 1_000;
        assert_eq!(recover(seen_again).await, 0, "it may still work on it");
        other.beat(NOW.plus_millis(seen_again)).await.unwrap();
        assert_eq!(recover(seen_again + ALIVE_MILLIS - 1_000).await, 0, "it was seen again");
        let gone = seen_again + ALIVE_MILLIS + 1_000;
        assert_eq!(recover(gone).await, 1);
        assert_eq!(recover(gone).await, 0, "it waits");
    }
}
