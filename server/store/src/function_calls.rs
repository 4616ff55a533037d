//! Calls of functions: rows before they are made, so that a crash shows what may have happened.

use cavuer_protocol::console::{CallState, FunctionCall, HandOver};
use cavuer_protocol::{AgentId, CallId, ChannelId, ConversationId, Timestamp, TurnId, WorkspaceId};
use rusqlite::{Connection, Row, params};

use super::{Store, StoreError, StoredFunction, conversations, functions, hand_over, row, turns};

/// Calls that the console is shown of a conversation.
const SHOWN: u32 = 200;

/// The columns that [`shown`] reads, in its order.
const SHOWN_COLUMNS: &str = "id, name, arguments, state, result, after_seq, began_at, ended_at";

/// What a turn's model may ask for, and what it has asked for already.
#[derive(Clone, Debug)]
pub struct Toolbox {
    pub hand_over: HandOver,
    pub functions: Vec<StoredFunction>,
    /// Of all attempts at the question so far, also of turns that were cancelled: by round, and by
    /// place within it.
    pub rounds: Vec<Vec<StoredCall>>,
}

/// A call with all that a model has to see again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCall {
    pub id: CallId,
    /// What the model said before the round; with its first call.
    pub said: String,
    /// Fingerprints of the passages that this is from; with its first call.
    pub cited: Vec<String>,
    pub name: String,
    pub arguments: String,
    pub provider_id: String,
    /// JSON.
    pub seal: Option<String>,
    /// Whether making it again does no harm.
    pub repeatable: bool,
    pub state: CallState,
    pub result: String,
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
        self.pool
            .read(move |conn| {
                Ok(Toolbox {
                    hand_over: hand_over::of_agent(conn, agent)?,
                    functions: functions::usable(conn, agent, channel)?,
                    rounds: rounds(conn, turn, conversation)?,
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
    ) -> Result<Option<Vec<FunctionCall>>, StoreError> {
        self.pool
            .write(move |conn| {
                let Some(conversation) = turns::running(conn, turn, attempt)? else {
                    return Ok(None);
                };
                let sql = format!(
                    "INSERT INTO function_call (id, conversation_id, turn_id, round, place, said,
                         name, arguments, provider_id, seal, repeatable, state, result, cited,
                         after_seq, began_at, ended_at)
                     SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?15,
                         last_seq, ?14, CASE WHEN ?12 = 'begun' THEN NULL ELSE ?14 END
                     FROM conversation WHERE id = ?2 RETURNING {SHOWN_COLUMNS}"
                );
                let mut begin = conn.prepare_cached(&sql)?;
                let mut begun = Vec::new();
                for (place, call) in (0_u32..).zip(calls) {
                    begun.push(begin.query_row(
                        params![
                            call.id.0,
                            conversation.0,
                            turn.0,
                            round,
                            place,
                            call.said,
                            call.name,
                            call.arguments,
                            call.provider_id,
                            call.seal,
                            call.repeatable,
                            row::word_column(&call.state)?,
                            call.result,
                            now.0,
                            row::json_column(&call.cited)?
                        ],
                        shown,
                    )?);
                }
                Ok(Some(begun))
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
    ) -> Result<Option<FunctionCall>, StoreError> {
        self.pool
            .write(move |conn| {
                let sql = format!(
                    "UPDATE function_call SET state = ?, result = ?, ended_at = ?
                     WHERE id = ? AND state IN ('begun', 'unknown') RETURNING {SHOWN_COLUMNS}"
                );
                let mut end = conn.prepare_cached(&sql)?;
                let mut ended =
                    end.query_map(params![row::word_column(&state)?, result, now.0, id.0], shown)?;
                Ok(ended.next().transpose()?)
            })
            .await
    }

    /// A conversation's newest calls, oldest of them first. `None`: the workspace has no such
    /// conversation.
    pub async fn function_calls(
        &self,
        workspace: WorkspaceId,
        conversation: ConversationId,
    ) -> Result<Option<Vec<FunctionCall>>, StoreError> {
        self.pool
            .read(move |conn| {
                if conversations::place(conn, workspace, conversation)?.is_none() {
                    return Ok(None);
                }
                let sql = format!(
                    "SELECT {SHOWN_COLUMNS} FROM function_call WHERE conversation_id = ?
                     ORDER BY began_at DESC, round DESC, place DESC LIMIT ?"
                );
                let mut statement = conn.prepare_cached(&sql)?;
                let mut calls = statement
                    .query_map(params![conversation.0, SHOWN], shown)?
                    .collect::<Result<Vec<_>, _>>()?;
                calls.reverse();
                Ok(Some(calls))
            })
            .await
    }
}

/// Nobody waits for these calls any more, so nobody will learn what came of them.
pub(crate) fn abandon(
    conn: &Connection,
    conversation: ConversationId,
    now: Timestamp,
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "UPDATE function_call SET state = 'unknown', ended_at = ?
         WHERE conversation_id = ? AND state = 'begun'",
    )?
    .execute(params![now.0, conversation.0])?;
    Ok(())
}

/// Moves the calls along when conversations are merged.
pub(crate) fn adopt(
    conn: &Connection,
    from: ConversationId,
    into: ConversationId,
    moved_by: i64,
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "UPDATE function_call SET conversation_id = ?, after_seq = after_seq + ?
         WHERE conversation_id = ?",
    )?
    .execute(params![into.0, moved_by, from.0])?;
    Ok(())
}

/// A turn that was cancelled may have called something for a question that is still open; whoever
/// answers it now has to know.
fn rounds(
    conn: &Connection,
    turn: TurnId,
    conversation: ConversationId,
) -> Result<Vec<Vec<StoredCall>>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT turn_id, id, said, name, arguments, provider_id, seal, repeatable, state, result,
             round, cited
         FROM function_call
         WHERE conversation_id = ?1 AND (turn_id = ?2
             OR after_seq > (SELECT answered_seq FROM conversation WHERE id = ?1)
                 AND EXISTS (SELECT 1 FROM turn
                     WHERE turn.id = function_call.turn_id AND turn.state = 'cancelled'))
         ORDER BY turn_id, round, place",
    )?;
    let calls = statement.query_map([conversation.0, turn.0], |row| {
        let call = StoredCall {
            id: row::id(row, 1, CallId)?,
            said: row.get(2)?,
            cited: row::optional_json(row, 11)?.unwrap_or_default(),
            name: row.get(3)?,
            arguments: row.get(4)?,
            provider_id: row.get(5)?,
            seal: row.get(6)?,
            repeatable: row.get(7)?,
            state: row::word(row, 8)?,
            result: row.get(9)?,
        };
        Ok(((row::id(row, 0, TurnId)?, row.get::<_, u32>(10)?), call))
    })?;
    let calls = calls.collect::<Result<Vec<_>, _>>()?;
    let rounds = calls.chunk_by(|(one, _), (next, _)| one == next);
    Ok(rounds.map(|round| round.iter().map(|(_, call)| call.clone()).collect()).collect())
}

fn shown(row: &Row<'_>) -> rusqlite::Result<FunctionCall> {
    Ok(FunctionCall {
        id: row::id(row, 0, CallId)?,
        name: row.get(1)?,
        arguments: row.get(2)?,
        state: row::word(row, 3)?,
        result: row.get(4)?,
        after: row.get(5)?,
        began_at: row::timestamp(row, 6)?,
        ended_at: row::optional_timestamp(row, 7)?,
    })
}
