//! Turns whose worker is gone.

use cavuer_protocol::{ConversationId, Timestamp, TurnId};

use super::put_back;
use crate::locking::running;
use crate::sql::{Lock, Sql, params};
use crate::workers::{perhaps_left, seen_before};
use crate::{Store, StoreError};

impl Store {
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
        concat!(
            "SELECT turn.conversation_id, turn.id, turn.attempts FROM turn
             WHERE turn.state = 'running' AND ",
            perhaps_left!("turn.worker")
        ),
        params![worker, seen_before(now)],
        |row| Ok((row.get("conversation_id")?, row.get("id")?, row.get("attempts")?)),
    )
}

#[cfg(test)]
mod tests {
    use crate::fixture::{Fixture, NOW, engine_under_test};
    use crate::workers::ALIVE_MILLIS;

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
