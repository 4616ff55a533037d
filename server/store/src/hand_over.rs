//! Handing over to people: how an agent does it, and which conversations want a person.

use cavuer_protocol::console::{HandOver, PersonWanted};
use cavuer_protocol::{
    AgentId, Author, ConversationId, Message, MessageId, Notice, Timestamp, TurnId, WorkspaceId,
};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::conversations::{self, ConversationPlace};
use super::{Finished, Said, Store, StoreError, row, turns};
use cavuer_base::citations::Citations;

/// Calls for people that are looked at together when their time is over.
const OVERDUE: u32 = 64;

/// A wish for a person as an agent utters it.
#[derive(Clone, Debug)]
pub struct CallForPerson {
    pub reason: String,
    pub language: String,
    /// How long the agent keeps silent for it; `None` if it goes on answering.
    pub until: Option<Timestamp>,
}

/// A turn that ended by handing over.
#[derive(Clone, Debug)]
pub struct HandedOver {
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
    /// How an agent hands over. `None`: the workspace has no such agent.
    pub async fn hand_over(
        &self,
        workspace: WorkspaceId,
        agent: AgentId,
    ) -> Result<Option<HandOver>, StoreError> {
        self.pool
            .read(move |conn| match super::agents::by_id(conn, workspace, agent)? {
                Some(_) => of_agent(conn, agent).map(Some),
                None => Ok(None),
            })
            .await
    }

    /// Changes how an agent hands over. `false`: the workspace has no such agent.
    pub async fn set_hand_over(
        &self,
        workspace: WorkspaceId,
        agent: AgentId,
        wanted: HandOver,
    ) -> Result<bool, StoreError> {
        self.pool
            .write(move |conn| {
                if super::agents::by_id(conn, workspace, agent)?.is_none() {
                    return Ok(false);
                }
                let hours = wanted.hours.as_ref().map(row::json_column).transpose()?;
                conn.prepare_cached(
                    "INSERT INTO hand_over (agent_id, enabled, wait_seconds, hours)
                     VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (agent_id) DO UPDATE SET
                         enabled = ?2, wait_seconds = ?3, hours = ?4",
                )?
                .execute(params![
                    agent.0,
                    wanted.enabled,
                    wanted.wait_seconds,
                    hours
                ])?;
                Ok(true)
            })
            .await
    }

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
        self.pool
            .write(move |conn| {
                let Some(ended) = turns::end(conn, turn, attempt, "done", now)? else {
                    return Ok(None);
                };
                let conversation = ended.place.conversation;
                // Nothing that was asked meanwhile is for the agent to answer.
                turns::cancel(conn, conversation, now)?;
                want(conn, conversation, &call, now)?;
                let (mut id, line) = line;
                let mut messages = Vec::new();
                let (place, citations) = (ended.place.clone(), ended.citations);
                if said.text.is_empty() {
                    // The draft that is on screens becomes the line.
                    id = ended.answer;
                    turns::mark_covered(conn, &ended)?;
                } else {
                    let author = Author::Agent { name: ended.agent_name.clone() };
                    messages.push(ended.store(conn, author, said, now)?.message);
                }
                messages.push(conversations::append(
                    conn,
                    conversation,
                    id,
                    Author::System,
                    line,
                    now,
                )?);
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
        self.pool
            .write(move |conn| {
                let Some(conversation) = turns::running(conn, turn, attempt)? else {
                    return Ok(false);
                };
                want(conn, conversation, &CallForPerson { until: None, ..call }, now)?;
                Ok(true)
            })
            .await
    }

    /// The conversations whose wait for a person is over at `now`, longest first.
    pub async fn overdue_people(&self, now: Timestamp) -> Result<Overdue, StoreError> {
        self.pool
            .read(move |conn| {
                let conversations = conn
                    .prepare_cached(
                        "SELECT conversation_id, language FROM person_wanted WHERE until <= ?
                         ORDER BY until LIMIT ?",
                    )?
                    .query_map(params![now.0, OVERDUE], |row| {
                        Ok((row::id(row, 0, ConversationId)?, row.get(1)?))
                    })?
                    .collect::<Result<_, _>>()?;
                let next = conn
                    .prepare_cached("SELECT min(until) FROM person_wanted WHERE until > ?")?
                    .query_row([now.0], |row| row::optional_timestamp(row, 0))?;
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
        self.pool
            .write(move |conn| {
                let changed = conn
                    .prepare_cached(
                        "UPDATE person_wanted SET until = NULL
                         WHERE conversation_id = ? AND until <= ?",
                    )?
                    .execute(params![conversation.0, now.0])?;
                let place = conversations::place_of(conn, conversation)?;
                let (1, Some(place)) = (changed, place) else { return Ok(None) };
                let message =
                    conversations::append(conn, conversation, id, Author::System, line, now)?;
                conversations::mark_answered(conn, conversation, message.seq)?;
                Ok(Some(Finished { message, place, citations: Citations::Hidden }))
            })
            .await
    }
}

/// How an agent hands over.
pub(crate) fn of_agent(conn: &Connection, agent: AgentId) -> Result<HandOver, StoreError> {
    let found = conn
        .prepare_cached("SELECT enabled, wait_seconds, hours FROM hand_over WHERE agent_id = ?")?
        .query_row([agent.0], |row| {
            Ok(HandOver {
                enabled: row.get(0)?,
                wait_seconds: row.get(1)?,
                hours: row::optional_json(row, 2)?,
            })
        })
        .optional()?;
    Ok(found.unwrap_or_default())
}

/// Whether the agent keeps silent because a person is to come.
pub(crate) fn is_awaited(
    conn: &Connection,
    conversation: ConversationId,
) -> Result<bool, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM person_wanted
             WHERE conversation_id = ? AND until IS NOT NULL)",
    )?;
    Ok(statement.query_row([conversation.0], |row| row.get(0))?)
}

/// Somebody cares for the conversation, or nobody needs to any more.
pub(crate) fn settle(conn: &Connection, conversation: ConversationId) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM person_wanted WHERE conversation_id = ?")?
        .execute([conversation.0])?;
    Ok(())
}

/// Moves the wish along when conversations are merged; one that the other has already stays.
pub(crate) fn adopt(
    conn: &Connection,
    from: ConversationId,
    into: ConversationId,
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "UPDATE OR IGNORE person_wanted SET conversation_id = ?1
         WHERE conversation_id = ?2
             AND (SELECT operator FROM conversation WHERE id = ?1) IS NULL",
    )?
    .execute(params![into.0, from.0])?;
    Ok(())
}

/// The wish in the columns from `column` on, which an outer join may leave empty.
pub(crate) fn wanted(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<PersonWanted>> {
    let Some(since) = row::optional_timestamp(row, column)? else { return Ok(None) };
    let until = row::optional_timestamp(row, column + 2)?;
    let reason = Notice::from_stored(row.get_ref(column + 1)?.as_str()?);
    Ok(Some(PersonWanted::new(since, reason, until)))
}

fn want(
    conn: &Connection,
    conversation: ConversationId,
    call: &CallForPerson,
    now: Timestamp,
) -> Result<(), StoreError> {
    // Whoever has waited since yesterday still has.
    conn.prepare_cached(
        "INSERT INTO person_wanted (conversation_id, since, reason, language, until)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (conversation_id) DO UPDATE SET reason = ?3, language = ?4, until = ?5",
    )?
    .execute(params![
        conversation.0,
        now.0,
        call.reason,
        call.language,
        call.until.map(|until| until.0)
    ])?;
    Ok(())
}
