//! Answers on their way out, where a channel's kind does not show them by itself: rows that are
//! written with their messages.
//!
//! Whoever claims a delivery has it until its time is over, so that a crash loses none; what came
//! of it is told with the number of the attempt, so that one that was overtaken changes nothing.
//! Of one conversation only the oldest delivery is tried: messages arrive in order.

use cavuer_protocol::{ConversationId, Message, MessageId, Timestamp};

use crate::places::{self, ConversationPlace};
use crate::sql::{Sql, params};
use crate::{Store, StoreError, attachments, row};

/// A message that is to be brought to whoever waits for it.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Names it, with `attempt`, to [`Store::delivered`] and [`Store::not_delivered`].
    pub id: i64,
    /// The word for the kind of its channel.
    pub kind: String,
    /// For whom it is.
    pub place: ConversationPlace,
    /// With its attachments, but without what it is from.
    pub message: Message,
    /// 1 for the first attempt.
    pub attempt: u32,
}

/// What a look at the outbox brought.
#[derive(Clone, Debug, Default)]
pub struct DueDeliveries {
    /// Longest due first, and at most one of each conversation.
    pub claimed: Vec<Delivery>,
    /// When the next one is due; in the past if more are due than were to be claimed.
    pub next_due: Option<Timestamp>,
}

/// How many deliveries wait, and how many are not tried any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutboxCounts {
    /// To be tried still; those under way are among them.
    pub waiting: u64,
    /// Given up; they stay until their conversation goes.
    pub dead: u64,
}

impl Store {
    /// Takes up to `most` deliveries that are due, longest due first. They are due again at
    /// `until`, unless something is told of them before.
    pub async fn claim_deliveries(
        &self,
        now: Timestamp,
        until: Timestamp,
        most: u32,
    ) -> Result<DueDeliveries, StoreError> {
        self.database
            .write(move |sql| {
                let due: Vec<(i64, u32)> = sql.rows(
                    "SELECT id, attempts FROM outbox
                     WHERE state = 'waiting' AND due_at <= ?1
                         AND NOT EXISTS (SELECT 1 FROM outbox AS earlier
                             WHERE earlier.conversation_id = outbox.conversation_id
                                 AND earlier.id < outbox.id AND earlier.state = 'waiting')
                     ORDER BY due_at, id LIMIT ?2",
                    params![now, most],
                    |row| Ok((row.get("id")?, row.get("attempts")?)),
                )?;
                let mut claimed = Vec::new();
                for (id, attempts) in due {
                    claimed.extend(claim(sql, id, attempts, until)?);
                }
                Ok(DueDeliveries { claimed, next_due: next_due(sql)? })
            })
            .await
    }

    /// The message has arrived.
    pub async fn delivered(&self, id: i64, attempt: u32) -> Result<(), StoreError> {
        self.database
            .write(move |sql| {
                let gone = "DELETE FROM outbox WHERE id = ?1 AND attempts = ?2";
                sql.execute(gone, params![id, attempt])?;
                Ok(())
            })
            .await
    }

    /// The message has not arrived; it is tried again at `due_at`, or not any more.
    pub async fn not_delivered(
        &self,
        id: i64,
        attempt: u32,
        failure: String,
        due_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        self.database
            .write(move |sql| {
                let state = if due_at.is_some() { "waiting" } else { "dead" };
                sql.execute(
                    "UPDATE outbox SET state = ?3, failure = ?4, due_at = coalesce(?5, due_at)
                     WHERE id = ?1 AND attempts = ?2",
                    params![id, attempt, state, failure, due_at],
                )?;
                Ok(())
            })
            .await
    }

    /// How the outbox stands.
    pub async fn count_outbox(&self) -> Result<OutboxCounts, StoreError> {
        let count = |sql: &dyn Sql, state: &str| -> Result<u64, StoreError> {
            let count: i64 =
                sql.only_value("SELECT count(*) FROM outbox WHERE state = ?1", params![state])?;
            Ok(count.unsigned_abs())
        };
        self.database
            .read(move |sql| {
                Ok(OutboxCounts { waiting: count(sql, "waiting")?, dead: count(sql, "dead")? })
            })
            .await
    }
}

/// Puts a message that was added just now in the outbox, if its channel has one.
pub(crate) fn put(
    sql: &dyn Sql,
    conversation: ConversationId,
    message: MessageId,
    now: Timestamp,
) -> Result<(), StoreError> {
    sql.execute(
        "INSERT INTO outbox (conversation_id, message_id, due_at, created_at)
         SELECT conversation.id, ?2, ?3, ?3 FROM conversation
         JOIN channel ON channel.id = conversation.channel_id
         WHERE conversation.id = ?1 AND channel.has_outbox",
        params![conversation, message, now],
    )?;
    Ok(())
}

/// Moves what waits along when conversations are merged.
pub(crate) fn adopt(
    sql: &dyn Sql,
    from: ConversationId,
    into: ConversationId,
) -> Result<(), StoreError> {
    sql.execute(
        "UPDATE outbox SET conversation_id = ?1 WHERE conversation_id = ?2",
        params![into, from],
    )?;
    Ok(())
}

/// Claims one delivery, unless somebody else has since it was seen.
fn claim(
    sql: &dyn Sql,
    id: i64,
    attempts: u32,
    until: Timestamp,
) -> Result<Option<Delivery>, StoreError> {
    let claimed: Option<(ConversationId, MessageId)> = sql.row(
        "UPDATE outbox SET attempts = attempts + 1, due_at = ?3
         WHERE id = ?1 AND attempts = ?2 AND state = 'waiting'
         RETURNING conversation_id, message_id",
        params![id, attempts, until],
        |row| Ok((row.get("conversation_id")?, row.get("message_id")?)),
    )?;
    let Some((conversation, message)) = claimed else { return Ok(None) };
    let found = sql.row(
        "SELECT id, seq, author, author_name, text, created_at FROM message
         WHERE conversation_id = ?1 AND id = ?2",
        params![conversation, message],
        row::message,
    )?;
    let (Some(mut message), Some(place)) = (found, places::place_of(sql, conversation)?) else {
        return Ok(None);
    };
    attachments::fill(sql, conversation, std::slice::from_mut(&mut message))?;
    let kind = sql.only_value(
        "SELECT channel.kind FROM conversation
         JOIN channel ON channel.id = conversation.channel_id WHERE conversation.id = ?1",
        params![conversation],
    )?;
    Ok(Some(Delivery { id, kind, place, message, attempt: attempts + 1 }))
}

fn next_due(sql: &dyn Sql) -> Result<Option<Timestamp>, StoreError> {
    sql.only_value(
        "SELECT min(due_at) AS due_at FROM outbox WHERE state = 'waiting'
             AND NOT EXISTS (SELECT 1 FROM outbox AS earlier
                 WHERE earlier.conversation_id = outbox.conversation_id
                     AND earlier.id < outbox.id AND earlier.state = 'waiting')",
        params![],
    )
}

#[cfg(test)]
mod tests {
    use cavuer_protocol::ChannelId;

    use super::*;
    use crate::fixture::{Fixture, NOW};
    use crate::{ChannelRecord, NewChannelRecord, Operator};

    const LATER: Timestamp = Timestamp(NOW.0 + 60_000);

    async fn channel(fixture: &Fixture, has_outbox: bool) -> ChannelRecord {
        let new = NewChannelRecord {
            id: fixture.random.id(NOW, ChannelId::from_parts),
            agent: fixture.agent().await,
            kind: "pigeon".to_owned(),
            has_outbox,
            name: "Pigeons".to_owned(),
            enabled: true,
            created_at: NOW,
        };
        fixture.store.create_channel(fixture.workspace, new).await.unwrap().unwrap()
    }

    async fn reply(fixture: &Fixture, conversation: ConversationId, text: &str) {
        let operator = Operator { id: fixture.user, name: "Anna".to_owned() };
        let id = fixture.random.id(NOW, MessageId::from_parts);
        let posted = fixture.store.post_operator_message(
            fixture.workspace,
            conversation,
            id,
            operator,
            text.to_owned(),
            Vec::new(),
            NOW,
        );
        posted.await.unwrap().unwrap().unwrap();
    }

    async fn claim(fixture: &Fixture, now: Timestamp) -> Vec<Delivery> {
        fixture.store.claim_deliveries(now, LATER, 10).await.unwrap().claimed
    }

    #[tokio::test]
    async fn what_others_than_the_visitor_say_goes_out_in_order() {
        let fixture = Fixture::new().await;
        let channel = channel(&fixture, true).await;
        let conversation = fixture.message(&channel, "v_1", "Hello?", NOW).await;
        assert!(claim(&fixture, NOW).await.is_empty(), "the visitor knows what they wrote");
        reply(&fixture, conversation, "One").await;
        reply(&fixture, conversation, "Two").await;
        let first = claim(&fixture, NOW).await;
        assert_eq!(first.len(), 1, "one at a time: {first:?}");
        assert_eq!((first[0].message.text.as_str(), first[0].attempt), ("One", 1));
        assert_eq!(
            (first[0].kind.as_str(), &first[0].place.workspace),
            ("pigeon", &fixture.workspace)
        );
        assert!(claim(&fixture, NOW).await.is_empty(), "it is under way");
        fixture.store.delivered(first[0].id, 1).await.unwrap();
        assert_eq!(claim(&fixture, NOW).await[0].message.text, "Two");
    }

    #[tokio::test]
    async fn what_nobody_told_of_is_tried_again_and_a_late_word_changes_nothing() {
        let fixture = Fixture::new().await;
        let channel = channel(&fixture, true).await;
        let conversation = fixture.message(&channel, "v_1", "Hello?", NOW).await;
        reply(&fixture, conversation, "One").await;
        let lost = claim(&fixture, NOW).await.remove(0);
        let again = claim(&fixture, LATER).await.remove(0);
        assert_eq!((again.id, again.attempt), (lost.id, 2));
        let store = &fixture.store;
        store.delivered(lost.id, lost.attempt).await.unwrap();
        assert_eq!(store.count_outbox().await.unwrap(), OutboxCounts { waiting: 1, dead: 0 });
        let due = Timestamp(LATER.0 + 5);
        store.not_delivered(again.id, 2, "No answer.".to_owned(), Some(due)).await.unwrap();
        assert_eq!(store.claim_deliveries(LATER, due, 1).await.unwrap().next_due, Some(due));
        let third = claim(&fixture, due).await.remove(0);
        store.not_delivered(third.id, 3, "Gone.".to_owned(), None).await.unwrap();
        assert_eq!(store.count_outbox().await.unwrap(), OutboxCounts { waiting: 0, dead: 1 });
        assert!(claim(&fixture, Timestamp(i64::MAX)).await.is_empty(), "nobody tries the dead");
    }

    #[tokio::test]
    async fn a_channel_without_an_outbox_puts_nothing_in() {
        let fixture = Fixture::new().await;
        let channel = channel(&fixture, false).await;
        let conversation = fixture.message(&channel, "v_1", "Hello?", NOW).await;
        reply(&fixture, conversation, "One").await;
        assert_eq!(fixture.store.count_outbox().await.unwrap(), OutboxCounts::default());
    }

    #[tokio::test]
    async fn it_goes_with_its_conversation() {
        let fixture = Fixture::new().await;
        let channel = channel(&fixture, true).await;
        let conversation = fixture.message(&channel, "v_1", "Hello?", NOW).await;
        reply(&fixture, conversation, "One").await;
        fixture.store.delete_conversation(fixture.workspace, conversation).await.unwrap();
        assert_eq!(fixture.store.count_outbox().await.unwrap(), OutboxCounts::default());
    }
}
