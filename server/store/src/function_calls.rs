//! Calls of functions: rows before they are made, so that a crash shows what may have happened.

use cavuer_protocol::values::{CallState, HandOver};
use cavuer_protocol::{AgentId, CallId, ChannelId, ConversationId, Timestamp, TurnId, WorkspaceId};

use crate::locking::{self, Attempt};
use crate::sql::{Row, Sql, json, params, word};
use crate::{Store, StoreError, StoredFunction, functions, hand_over_settings, places};

/// Most calls of a conversation that are looked at together.
const NEWEST: u32 = 200;

/// The columns that [`record`] reads.
const COLUMNS: &str = "id, name, arguments, state, result, after_seq, began_at, ended_at";

/// What a turn's model may ask for, and what it has asked for already.
#[derive(Clone, Debug)]
pub struct Toolbox {
    /// How the agent hands over; the default if its owner has decided nothing.
    pub hand_over: HandOver,
    /// Only enabled ones, without those that the channel is forbidden; oldest first.
    pub functions: Vec<StoredFunction>,
    /// Of all attempts at the question so far, also of turns that were cancelled: by round, and by
    /// place within it.
    pub rounds: Vec<Vec<StoredCall>>,
}

/// A call with all that a model has to see again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCall {
    /// Made before the row; [`Store::end_call`] names the call by it.
    pub id: CallId,
    /// What the model said before the round; with its first call.
    pub said: String,
    /// Fingerprints of the passages that this is from; with its first call.
    pub cited: Vec<String>,
    /// As the model wrote it; there may be no such function.
    pub name: String,
    /// As the model wrote them: meant to be a JSON object.
    pub arguments: String,
    /// The provider's name for the call, by which it is told the result.
    pub provider_id: String,
    /// JSON.
    pub seal: Option<String>,
    /// Whether making it again does no harm.
    pub repeatable: bool,
    /// `Begun` if it is to be made; stored with any other state, it has ended already.
    pub state: CallState,
    /// What the model is told came of it; empty while it is begun.
    pub result: String,
}

/// A call in its conversation, for people who follow what an agent does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRecord {
    /// Names it everywhere.
    pub id: CallId,
    /// Of the function, as it was then.
    pub name: String,
    /// As the model wrote them: meant to be a JSON object.
    pub arguments: String,
    /// How it stands.
    pub state: CallState,
    /// What the function gave back, or what went wrong; empty while it runs.
    pub result: String,
    /// It stands after the message with this `seq`.
    pub after: i64,
    /// When it was stored, before it was made.
    pub began_at: Timestamp,
    /// `None` while it runs.
    pub ended_at: Option<Timestamp>,
}

impl Store {
    /// What a turn's model may ask for in a channel, and what it has asked for already.
    pub async fn toolbox(
        &self,
        turn: TurnId,
        conversation: ConversationId,
        agent: AgentId,
        channel: ChannelId,
    ) -> Result<Toolbox, StoreError> {
        self.database
            .read(move |sql| {
                Ok(Toolbox {
                    hand_over: hand_over_settings::of_agent(sql, agent)?,
                    functions: functions::usable(sql, agent, channel)?,
                    rounds: rounds(sql, turn, conversation)?,
                })
            })
            .await
    }

    /// Stores a round of calls before any of them is made. `None`: the turn was cancelled
    /// meanwhile, or another attempt runs; then none may be made.
    pub async fn begin_calls(
        &self,
        turn: TurnId,
        attempt: u32,
        round: u32,
        calls: Vec<StoredCall>,
        now: Timestamp,
    ) -> Result<Option<Vec<CallRecord>>, StoreError> {
        self.write_in_turn(turn, move |sql| {
            let Some(conversation) = locking::running(sql, turn, attempt)? else { return Ok(None) };
            let after: i64 = sql.only_value(
                "SELECT last_seq FROM conversation WHERE id = ?1",
                params![conversation],
            )?;
            let statement = format!(
                "INSERT INTO function_call (id, conversation_id, turn_id, round, place, said, name,
                     arguments, provider_id, seal, repeatable, state, result, cited, after_seq,
                     began_at, ended_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
                 RETURNING {COLUMNS}"
            );
            let begun = (0_u32..).zip(calls).map(|(place, call)| {
                let (state, cited) = (word::of(&call.state)?, json::of(&call.cited)?);
                let ended_at = (call.state != CallState::Begun).then_some(now);
                let values = params![
                    call.id,
                    conversation,
                    turn,
                    round,
                    place,
                    call.said,
                    call.name,
                    call.arguments,
                    call.provider_id,
                    call.seal,
                    call.repeatable,
                    state,
                    call.result,
                    cited,
                    after,
                    now,
                    ended_at,
                ];
                sql.only(&statement, values, record)
            });
            begun.collect::<Result<Vec<_>, _>>().map(Some)
        })
        .await
    }

    /// Stores what came of a call. `None`: it is gone with its conversation, or has ended before.
    pub async fn end_call(
        &self,
        id: CallId,
        state: CallState,
        result: String,
        now: Timestamp,
    ) -> Result<Option<CallRecord>, StoreError> {
        self.write_found(
            move |sql| Ok([conversation_of(sql, id)?]),
            move |sql, [conversation]| {
                if conversation.is_none() {
                    return Ok(Attempt::Done(None));
                }
                let statement = format!(
                    "UPDATE function_call SET state = ?1, result = ?2, ended_at = ?3
                     WHERE id = ?4 AND state IN ('begun', 'unknown') RETURNING {COLUMNS}"
                );
                let state = word::of(&state)?;
                let ended = sql.row(&statement, params![state, result, now, id], record)?;
                Ok(Attempt::Done(ended))
            },
        )
        .await
    }

    /// A conversation's newest calls, oldest of them first. `None`: the workspace has no such
    /// conversation.
    pub async fn function_calls(
        &self,
        workspace: WorkspaceId,
        conversation: ConversationId,
    ) -> Result<Option<Vec<CallRecord>>, StoreError> {
        self.database
            .read(move |sql| {
                if places::place(sql, workspace, conversation)?.is_none() {
                    return Ok(None);
                }
                let statement = format!(
                    "SELECT {COLUMNS} FROM function_call WHERE conversation_id = ?1
                     ORDER BY began_at DESC, round DESC, place DESC LIMIT ?2"
                );
                let mut calls = sql.rows(&statement, params![conversation, NEWEST], record)?;
                calls.reverse();
                Ok(Some(calls))
            })
            .await
    }
}

/// Nobody waits for these calls any more, so nobody will learn what came of them.
pub(crate) fn abandon(
    sql: &dyn Sql,
    conversation: ConversationId,
    now: Timestamp,
) -> Result<(), StoreError> {
    sql.execute(
        "UPDATE function_call SET state = 'unknown', ended_at = ?1
         WHERE conversation_id = ?2 AND state = 'begun'",
        params![now, conversation],
    )?;
    Ok(())
}

/// Moves the calls along when conversations are merged.
pub(crate) fn adopt(
    sql: &dyn Sql,
    from: ConversationId,
    into: ConversationId,
    moved_by: i64,
) -> Result<(), StoreError> {
    sql.execute(
        "UPDATE function_call SET conversation_id = ?1, after_seq = after_seq + ?2
         WHERE conversation_id = ?3",
        params![into, moved_by, from],
    )?;
    Ok(())
}

fn conversation_of(sql: &dyn Sql, call: CallId) -> Result<Option<ConversationId>, StoreError> {
    sql.value("SELECT conversation_id FROM function_call WHERE id = ?1", params![call])
}

/// A turn that was cancelled may have called something for a question that is still open; whoever
/// answers it now has to know.
fn rounds(
    sql: &dyn Sql,
    turn: TurnId,
    conversation: ConversationId,
) -> Result<Vec<Vec<StoredCall>>, StoreError> {
    let calls: Vec<((TurnId, u32), StoredCall)> = sql.rows(
        "SELECT turn_id, id, said, name, arguments, provider_id, seal, repeatable, state, result,
             round, cited
         FROM function_call
         WHERE conversation_id = ?1 AND (turn_id = ?2
             OR after_seq > (SELECT answered_seq FROM conversation WHERE id = ?1)
                 AND EXISTS (SELECT 1 FROM turn
                     WHERE turn.id = function_call.turn_id AND turn.state = 'cancelled'))
         ORDER BY turn_id, round, place",
        params![conversation, turn],
        |row| {
            let call = StoredCall {
                id: row.get("id")?,
                said: row.get("said")?,
                cited: row.json("cited")?,
                name: row.get("name")?,
                arguments: row.get("arguments")?,
                provider_id: row.get("provider_id")?,
                seal: row.get("seal")?,
                repeatable: row.get("repeatable")?,
                state: row.word("state")?,
                result: row.get("result")?,
            };
            Ok(((row.get("turn_id")?, row.get("round")?), call))
        },
    )?;
    let rounds = calls.chunk_by(|(one, _), (next, _)| one == next);
    Ok(rounds.map(|round| round.iter().map(|(_, call)| call.clone()).collect()).collect())
}

fn record(row: &mut Row) -> Result<CallRecord, StoreError> {
    Ok(CallRecord {
        id: row.get("id")?,
        name: row.get("name")?,
        arguments: row.get("arguments")?,
        state: row.word("state")?,
        result: row.get("result")?,
        after: row.get("after_seq")?,
        began_at: row.get("began_at")?,
        ended_at: row.get("ended_at")?,
    })
}
