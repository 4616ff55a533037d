//! Writing in conversations that have to be found before they can be locked.

use cavuer_protocol::{ConversationId, TurnId};

use crate::sql::{Lock, Sql, params};
use crate::{Store, StoreError};

/// What one transaction came to.
pub(crate) enum Attempt<T> {
    Done(T),
    /// Another writer was faster, so that other conversations must be locked. What was written so
    /// far may stay.
    Again,
}

impl Store {
    /// Does `work` with the conversations that `find` finds, under their locks.
    ///
    /// Until they are locked, another writer may merge or delete them. A lock that turns out to be
    /// missing cannot be taken later, because all are taken in one order: everything begins anew
    /// then, in a transaction of its own.
    pub(crate) async fn write_found<const N: usize, T, F, W>(
        &self,
        find: F,
        work: W,
    ) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&dyn Sql) -> Result<[Option<ConversationId>; N], StoreError> + Clone + Send + 'static,
        W: FnOnce(&dyn Sql, [Option<ConversationId>; N]) -> Result<Attempt<T>, StoreError>
            + Clone
            + Send
            + 'static,
    {
        loop {
            let (find, work) = (find.clone(), work.clone());
            let attempt = self.database.write(move |sql| {
                let found = find(sql)?;
                let mut locked = found;
                locked.sort_unstable();
                for conversation in locked.into_iter().flatten() {
                    sql.lock(Lock::Conversation(conversation))?;
                }
                if find(sql)? == found { work(sql, found) } else { Ok(Attempt::Again) }
            });
            if let Attempt::Done(done) = attempt.await? {
                return Ok(done);
            }
        }
    }

    /// Does `work` with a turn, whose conversation is locked. `None` if there is no such turn, or
    /// from `work`.
    pub(crate) async fn write_in_turn<T, W>(
        &self,
        turn: TurnId,
        work: W,
    ) -> Result<Option<T>, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&dyn Sql) -> Result<Option<T>, StoreError> + Clone + Send + 'static,
    {
        self.write_found(
            move |sql| Ok([conversation_of(sql, turn)?]),
            move |sql, [conversation]| {
                let done = conversation.map(|_| work(sql)).transpose()?;
                Ok(Attempt::Done(done.flatten()))
            },
        )
        .await
    }
}

/// The conversation of a turn, as long as this attempt is the one that runs.
pub(crate) fn running(
    sql: &dyn Sql,
    turn: TurnId,
    attempt: u32,
) -> Result<Option<ConversationId>, StoreError> {
    sql.value(
        "SELECT conversation_id FROM turn WHERE id = ?1 AND state = 'running' AND attempts = ?2",
        params![turn, attempt],
    )
}

fn conversation_of(sql: &dyn Sql, turn: TurnId) -> Result<Option<ConversationId>, StoreError> {
    sql.value("SELECT conversation_id FROM turn WHERE id = ?1", params![turn])
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::fixture::{Fixture, NOW};

    #[tokio::test]
    async fn what_moved_before_it_was_locked_is_looked_for_anew() {
        let fixture = Fixture::new().await;
        let [one, two] = [1, 2]
            .map(|millis| fixture.random.id(NOW.plus_millis(millis), ConversationId::from_parts));
        let looks = Arc::new(AtomicUsize::new(0));
        // Another writer moves it after the first look, and the two are not found in order.
        let find = move |_: &dyn Sql| match looks.fetch_add(1, Ordering::Relaxed) {
            0 => Ok([Some(one), None]),
            _ => Ok([Some(two), Some(one)]),
        };
        let work = |_: &dyn Sql, found| Ok(Attempt::Done(found));
        let found = fixture.store.write_found(find, work).await.unwrap();
        assert_eq!(found, [Some(two), Some(one)]);
    }
}
