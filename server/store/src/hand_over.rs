//! Handing over to people: how an agent does it, and which conversations want a person.

use cavuer_base::citations::Citations;
use cavuer_protocol::{Author, ConversationId, Message, MessageId, Notice, Timestamp, TurnId};

use crate::conversations::{self, Finished};
use crate::places::{self, ConversationPlace};
use crate::sql::{Lock, Row, Sql, params};
use crate::turns::{self, Said};
use crate::{Store, StoreError, locking};

/// Calls for people that are looked at together when their time is over.
const OVERDUE: u32 = 64;

/// A wish for a person as an agent utters it.
#[derive(Clone, Debug)]
pub struct CallForPerson {
    /// As [`Notice::to_stored`] writes it; in the model's own words it may be empty.
    pub reason: String,
    /// The visitor's, a BCP 47 tag, for the line that tells when nobody comes.
    pub language: String,
    /// How long the agent keeps silent for it; `None` if it goes on answering.
    pub until: Option<Timestamp>,
}

/// A conversation's wish for a person. It stands until somebody takes the conversation over or
/// leaves it to the agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WishForPerson {
    /// When it was first uttered.
    pub since: Timestamp,
    /// Why; in the agent's own words it may be empty.
    pub reason: Notice,
    /// Until then the agent is silent. `None`: nobody came or nobody was there, and the agent
    /// answers.
    pub until: Option<Timestamp>,
}

/// A turn that ended by handing over.
#[derive(Clone, Debug)]
pub struct HandedOver {
    /// Whom to tell of it.
    pub place: ConversationPlace,
    /// What the agent said, if anything, and then the line of the system; as the console sees it.
    pub messages: Vec<Message>,
    /// Whether the visitor is told what the agent's words are from.
    pub citations: Citations,
}

/// Conversations in which nobody took over in time.
#[derive(Clone, Debug)]
pub struct Overdue {
    /// With the visitor's language.
    pub conversations: Vec<(ConversationId, String)>,
    /// When the next one will be overdue.
    pub next: Option<Timestamp>,
}

impl Store {
    /// Ends a turn by handing over: what the agent said so far, if anything, is stored as its
    /// answer, `line` after it, and the conversation waits for a person.
    /// `None` as for [`Store::finish_turn`].
    pub async fn hand_turn_over(
        &self,
        turn: TurnId,
        attempt: u32,
        said: Said,
        line: (MessageId, String),
        call: CallForPerson,
        now: Timestamp,
    ) -> Result<Option<HandedOver>, StoreError> {
        self.write_in_turn(turn, move |sql| {
            let Some(ended) = turns::end(sql, turn, attempt, "done", now)? else {
                return Ok(None);
            };
            let conversation = ended.place.conversation;
            // Nothing that was asked meanwhile is for the agent to answer.
            turns::cancel(sql, conversation, now)?;
            want(sql, conversation, &call, now)?;
            let (mut id, line) = line;
            let mut messages = Vec::new();
            let (place, citations) = (ended.place.clone(), ended.citations);
            if said.text.is_empty() {
                // The draft that is on screens becomes the line.
                id = ended.answer;
                turns::mark_covered(sql, &ended)?;
            } else {
                let author = Author::Agent { name: ended.agent_name.clone() };
                messages.push(ended.store(sql, author, said, now)?.message);
            }
            let line = conversations::append(sql, conversation, id, Author::System, line, now)?;
            messages.push(line);
            Ok(Some(HandedOver { place, messages, citations }))
        })
        .await
    }

    /// Notes that a person is wanted, without silencing the agent. `false`: the turn was cancelled
    /// meanwhile.
    pub async fn want_person_later(
        &self,
        turn: TurnId,
        attempt: u32,
        call: CallForPerson,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let noted = self.write_in_turn(turn, move |sql| {
            let Some(conversation) = locking::running(sql, turn, attempt)? else { return Ok(None) };
            want(sql, conversation, &CallForPerson { until: None, ..call }, now).map(Some)
        });
        Ok(noted.await?.is_some())
    }

    /// The conversations whose wait for a person is over at `now`, longest first.
    pub async fn overdue_people(&self, now: Timestamp) -> Result<Overdue, StoreError> {
        self.database
            .read(move |sql| {
                let conversations = sql.rows(
                    "SELECT conversation_id, language FROM person_wanted WHERE until <= ?1
                     ORDER BY until LIMIT ?2",
                    params![now, OVERDUE],
                    |row| Ok((row.get("conversation_id")?, row.get("language")?)),
                )?;
                let next = sql.only_value(
                    "SELECT min(until) AS until FROM person_wanted WHERE until > ?1",
                    params![now],
                )?;
                Ok(Overdue { conversations, next })
            })
            .await
    }

    /// Ends the wait for a person: the visitor is told `line`, which answers what was asked
    /// meanwhile, and from the next message on the agent answers. People are still told that one
    /// of them is wanted. `None`: somebody came after all.
    pub async fn give_up_waiting(
        &self,
        conversation: ConversationId,
        id: MessageId,
        line: String,
        now: Timestamp,
    ) -> Result<Option<Finished>, StoreError> {
        self.database
            .write(move |sql| {
                sql.lock(Lock::Conversation(conversation))?;
                let changed = sql.execute(
                    "UPDATE person_wanted SET until = NULL
                     WHERE conversation_id = ?1 AND until <= ?2",
                    params![conversation, now],
                )?;
                let place = places::place_of(sql, conversation)?;
                let (1, Some(place)) = (changed, place) else { return Ok(None) };
                let message =
                    conversations::append(sql, conversation, id, Author::System, line, now)?;
                conversations::mark_answered(sql, conversation, message.seq)?;
                Ok(Some(Finished { message, place, citations: Citations::Hidden }))
            })
            .await
    }
}

/// Somebody cares for the conversation, or nobody needs to any more.
pub(crate) fn settle(sql: &dyn Sql, conversation: ConversationId) -> Result<(), StoreError> {
    sql.execute("DELETE FROM person_wanted WHERE conversation_id = ?1", params![conversation])?;
    Ok(())
}

/// Moves the wish along when conversations are merged; one that the other has already stays.
pub(crate) fn adopt(
    sql: &dyn Sql,
    from: ConversationId,
    into: ConversationId,
) -> Result<(), StoreError> {
    sql.execute(
        "UPDATE person_wanted SET conversation_id = ?1
         WHERE conversation_id = ?2
             AND (SELECT operator FROM conversation WHERE id = ?1) IS NULL
             AND NOT EXISTS (SELECT 1 FROM person_wanted AS other
                 WHERE other.conversation_id = ?1)",
        params![into, from],
    )?;
    Ok(())
}

/// The wish from a row with `since, reason, until`, which an outer join may leave empty.
pub(crate) fn wish(row: &mut Row) -> Result<Option<WishForPerson>, StoreError> {
    let Some(since) = row.get("since")? else { return Ok(None) };
    let reason = Notice::from_stored(&row.get::<String>("reason")?);
    Ok(Some(WishForPerson { since, reason, until: row.get("until")? }))
}

fn want(
    sql: &dyn Sql,
    conversation: ConversationId,
    call: &CallForPerson,
    now: Timestamp,
) -> Result<(), StoreError> {
    // Whoever has waited since yesterday still has.
    sql.execute(
        "INSERT INTO person_wanted (conversation_id, since, reason, language, until)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (conversation_id) DO UPDATE SET reason = excluded.reason,
             language = excluded.language, until = excluded.until",
        params![conversation, now, call.reason, call.language, call.until],
    )?;
    Ok(())
}
