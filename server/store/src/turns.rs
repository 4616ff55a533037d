//! Turns: an agent's work, as rows.

use cavuer_protocol::console::AgentSettings;
use cavuer_protocol::{
    AgentId, Author, ConversationId, Message, MessageId, Source, Timestamp, TurnId,
};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::conversations::{self, ConversationPlace, TurnPlan};
use super::{
    DailyLimit, Measured, Store, StoreError, agents, attachments, function_calls, row, sources,
    usage,
};
use cavuer_base::citations::Citations;

/// Most unanswered messages that one answer covers; more than that no visitor means.
const QUESTION_MESSAGES: i64 = 50;

/// A turn that this server works on now, with all that the work needs.
#[derive(Clone, Debug)]
pub struct ClaimedTurn {
    pub id: TurnId,
    /// The id that the answer will have, in this attempt and in every later one.
    pub answer: MessageId,
    /// 1 for the first attempt.
    pub attempt: u32,
    pub language: String,
    pub place: ConversationPlace,
    pub agent_id: AgentId,
    /// The agent's settings at the moment of the claim.
    pub agent: AgentSettings,
    /// What was said before the question, in order.
    pub history: Vec<Message>,
    /// The visitor's messages that no answer covers yet, in order.
    pub question: Vec<Message>,
    /// The limit that leaves no answer for this turn today.
    pub over_limit: Option<DailyLimit>,
}

/// What a look at the waiting turns brought.
#[derive(Clone, Debug)]
pub struct DueTurns {
    pub claimed: Vec<ClaimedTurn>,
    /// When the next waiting turn is due; `None` if none waits for anything but a running one.
    /// In the past if more are due than were to be claimed.
    pub next_due: Option<Timestamp>,
}

/// A turn whose answer is not wanted any more, because the visitor went on writing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Superseded {
    pub turn: TurnId,
    /// The id of the answer that will not come.
    pub answer: MessageId,
    /// When the visitor began to ask.
    pub(crate) asked_at: Timestamp,
}

/// A turn that ended with a message.
#[derive(Clone, Debug)]
pub struct Finished {
    /// As the console sees it.
    pub message: Message,
    pub place: ConversationPlace,
    /// Whether the visitor is told what the message is from.
    pub citations: Citations,
}

/// What an agent has said, and the passages that it is from.
#[derive(Clone, Debug, Default)]
pub struct Said {
    pub text: String,
    pub sources: Vec<Source>,
}

impl Store {
    /// Takes up to `limit` turns that are due, oldest first; one per conversation at a time.
    pub async fn claim_due_turns(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<DueTurns, StoreError> {
        self.pool
            .write(move |conn| {
                let due = conn
                    .prepare_cached(
                        "SELECT id FROM turn WHERE state = 'waiting' AND due_at <= ?
                             AND NOT EXISTS (SELECT 1 FROM turn AS other
                                 WHERE other.conversation_id = turn.conversation_id
                                     AND other.state = 'running')
                         ORDER BY due_at LIMIT ?",
                    )?
                    .query_map(params![now.0, limit], |row| row.get(0).map(TurnId))?
                    .collect::<Result<Vec<_>, _>>()?;
                let claimed =
                    due.into_iter().map(|id| claim(conn, id, now)).collect::<Result<_, _>>()?;
                Ok(DueTurns { claimed, next_due: next_due(conn)? })
            })
            .await
    }

    /// Stores the answer with what it took, and ends the turn. `None`: the turn was cancelled meanwhile, for example
    /// because an operator took over, or another attempt runs; then nothing is stored.
    pub async fn finish_turn(
        &self,
        turn: TurnId,
        attempt: u32,
        said: Said,
        measured: Measured,
        now: Timestamp,
    ) -> Result<Option<Finished>, StoreError> {
        self.pool
            .write(move |conn| {
                let Some(ended) = end(conn, turn, attempt, "done", now)? else { return Ok(None) };
                let author = Author::Agent { name: ended.agent_name.clone() };
                let agent = ended.agent;
                let finished = ended.store(conn, author, said, now)?;
                usage::add(conn, agent, &finished, &measured)?;
                Ok(Some(finished))
            })
            .await
    }

    /// Ends the turn without an answer: the visitor gets `line`, the console `reason`.
    /// `None` as for [`Store::finish_turn`].
    pub async fn fail_turn(
        &self,
        turn: TurnId,
        attempt: u32,
        line: String,
        reason: String,
        now: Timestamp,
    ) -> Result<Option<Finished>, StoreError> {
        self.pool
            .write(move |conn| {
                let Some(ended) = end(conn, turn, attempt, "failed", now)? else { return Ok(None) };
                let said = Said { text: line, sources: Vec::new() };
                let finished = ended.store(conn, Author::System, said, now)?;
                conn.prepare_cached("UPDATE conversation SET failure = ? WHERE id = ?")?
                    .execute(params![reason, finished.place.conversation.0])?;
                Ok(Some(finished))
            })
            .await
    }

    /// Puts the turn back, to be tried again at `due_at`. A newer waiting turn is absorbed: the
    /// next attempt answers both.
    pub async fn retry_turn(
        &self,
        turn: TurnId,
        attempt: u32,
        due_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.pool.write(move |conn| put_back(conn, turn, attempt, Some(due_at))).await
    }

    /// Puts back the turns that are marked as running although nobody works on them. Answers how
    /// many it found. The interrupted attempt still counts, so that an answer that brings the
    /// server down is not tried for ever.
    ///
    /// `in_work` is asked when the write takes place, after all writes before it.
    pub async fn recover_turns(
        &self,
        in_work: impl Fn(TurnId) -> bool + Send + 'static,
    ) -> Result<usize, StoreError> {
        self.pool
            .write(move |conn| {
                let mut left = conn
                    .prepare_cached("SELECT id, attempts FROM turn WHERE state = 'running'")?
                    .query_map([], |row| Ok((TurnId(row.get(0)?), row.get(1)?)))?
                    .collect::<Result<Vec<_>, _>>()?;
                left.retain(|(turn, _)| !in_work(*turn));
                for (turn, attempt) in &left {
                    put_back(conn, *turn, *attempt, None)?;
                }
                Ok(left.len())
            })
            .await
    }
}

/// Ends the running turn if the agent is to begin anew when a message arrives in the middle of an
/// answer. Once the longest delay since the visitor began to ask is over, the answer is let finish,
/// or somebody who keeps writing would never get one.
pub(crate) fn supersede(
    conn: &Connection,
    conversation: ConversationId,
    now: Timestamp,
) -> Result<Option<Superseded>, StoreError> {
    let mut statement = conn.prepare_cached(
        "UPDATE turn SET state = 'cancelled', finished_at = ?1
         WHERE conversation_id = ?2 AND state = 'running' AND EXISTS (
             SELECT 1 FROM conversation
             JOIN channel ON channel.id = conversation.channel_id
             JOIN agent ON agent.id = channel.agent_id
             WHERE conversation.id = ?2 AND agent.mid_answer = 'restart'
                 AND ?1 < turn.created_at + 1000 * max(agent.response_delay, agent.longest_delay))
         RETURNING id, answer_id, created_at",
    )?;
    let superseded = statement.query_row(params![now.0, conversation.0], |row| {
        Ok(Superseded {
            turn: TurnId(row.get(0)?),
            answer: MessageId(row.get(1)?),
            asked_at: row::timestamp(row, 2)?,
        })
    });
    Ok(superseded.optional()?)
}

/// Makes sure that a turn waits for the conversation's new message, and moves its time. `asked_at`
/// is when the visitor began to ask what it is about.
pub(crate) fn plan(
    conn: &Connection,
    conversation: ConversationId,
    plan: &TurnPlan,
    asked_at: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (delay, longest) = conn
        .prepare_cached(
            "SELECT agent.response_delay, max(agent.response_delay, agent.longest_delay)
             FROM conversation
             JOIN channel ON channel.id = conversation.channel_id
             JOIN agent ON agent.id = channel.agent_id WHERE conversation.id = ?",
        )?
        .query_row([conversation.0], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?;
    conn.prepare_cached(
        "INSERT INTO turn (id, conversation_id, answer_id, state, language, created_at, due_at)
         VALUES (?1, ?2, ?3, 'waiting', ?4, ?8, min(?5 + ?6, ?8 + ?7))
         ON CONFLICT (conversation_id) WHERE state = 'waiting' DO UPDATE SET
             due_at = max(due_at, min(?5 + ?6, created_at + ?7)), language = excluded.language",
    )?
    .execute(params![
        plan.id.0,
        conversation.0,
        plan.answer.0,
        plan.language,
        now.0,
        delay * 1_000,
        longest * 1_000,
        asked_at.0
    ])?;
    Ok(())
}

/// The language of the conversation's latest turn; empty if there was none.
pub(crate) fn latest_language(
    conn: &Connection,
    conversation: ConversationId,
) -> Result<String, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT language FROM turn WHERE conversation_id = ?
         ORDER BY created_at DESC, id DESC LIMIT 1",
    )?;
    let language = statement.query_row([conversation.0], |row| row.get(0)).optional()?;
    Ok(language.unwrap_or_default())
}

/// Ends whatever the agent was about to say.
pub(crate) fn cancel(
    conn: &Connection,
    conversation: ConversationId,
    now: Timestamp,
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "UPDATE turn SET state = 'cancelled', finished_at = ?
         WHERE conversation_id = ? AND state IN ('waiting', 'running')",
    )?
    .execute(params![now.0, conversation.0])?;
    function_calls::abandon(conn, conversation, now)
}

/// Moves the open turns of a conversation that is merged into another one, where they do not
/// meet open turns of the other; those will answer everything then.
pub(crate) fn adopt(
    conn: &Connection,
    from: ConversationId,
    into: ConversationId,
    moved_by: i64,
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "UPDATE OR IGNORE turn SET conversation_id = ?, covers_seq = covers_seq + ?
         WHERE conversation_id = ? AND state IN ('waiting', 'running')",
    )?
    .execute(params![into.0, moved_by, from.0])?;
    Ok(())
}

/// Waiting again; a newer turn that waits already is absorbed.
fn put_back(
    conn: &Connection,
    turn: TurnId,
    attempt: u32,
    due_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    // The newer turn goes, not the older: clients may have seen a part of the older one's draft,
    // and that draft is to become the answer.
    let newer = conn
        .prepare_cached(
            "SELECT newer.id FROM turn AS old
             JOIN turn AS newer ON newer.conversation_id = old.conversation_id
             WHERE old.id = ? AND old.state = 'running' AND old.attempts = ?
                 AND newer.state = 'waiting'",
        )?
        .query_row(params![turn.0, attempt], |row| row.get(0).map(TurnId))
        .optional()?;
    if let Some(TurnId(newer)) = newer {
        conn.prepare_cached("DELETE FROM turn WHERE id = ?")?.execute([newer])?;
    }
    conn.prepare_cached(
        "UPDATE turn SET state = 'waiting', covers_seq = NULL, due_at = coalesce(?, due_at)
         WHERE id = ? AND state = 'running' AND attempts = ?",
    )?
    .execute(params![due_at.map(|at| at.0), turn.0, attempt])?;
    Ok(())
}

/// Claims a turn that was planned just now, in the same transaction, if it is due and nothing
/// stands before it. `None`: it waits, or an earlier turn waits in its place.
pub(crate) fn claim_planned(
    conn: &Connection,
    id: TurnId,
    now: Timestamp,
) -> Result<Option<ClaimedTurn>, StoreError> {
    let is_free = conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM turn WHERE id = ? AND state = 'waiting' AND due_at <= ?
                 AND NOT EXISTS (SELECT 1 FROM turn AS other
                     WHERE other.conversation_id = turn.conversation_id
                         AND other.state = 'running'))",
        )?
        .query_row(params![id.0, now.0], |row| row.get::<_, bool>(0))?;
    if is_free { claim(conn, id, now).map(Some) } else { Ok(None) }
}

fn next_due(conn: &Connection) -> Result<Option<Timestamp>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT min(due_at) FROM turn WHERE state = 'waiting'
             AND NOT EXISTS (SELECT 1 FROM turn AS other
                 WHERE other.conversation_id = turn.conversation_id AND other.state = 'running')",
    )?;
    let due = statement.query_row([], |row| row.get::<_, Option<i64>>(0))?;
    Ok(due.map(Timestamp))
}

fn claim(conn: &Connection, id: TurnId, now: Timestamp) -> Result<ClaimedTurn, StoreError> {
    let (conversation, answer, language, attempt, covers) = conn
        .prepare_cached(
            "UPDATE turn SET state = 'running', attempts = attempts + 1, covers_seq =
                 (SELECT last_seq FROM conversation WHERE conversation.id = turn.conversation_id)
             WHERE id = ?
             RETURNING conversation_id, answer_id, language, attempts, covers_seq",
        )?
        .query_row([id.0], |row| {
            Ok((
                ConversationId(row.get(0)?),
                MessageId(row.get(1)?),
                row.get(2)?,
                row.get(3)?,
                row.get::<_, i64>(4)?,
            ))
        })?;
    let place = conversations::place_of(conn, conversation)?
        .ok_or_else(|| StoreError::fault("a turn without a conversation"))?;
    let sql = format!(
        "SELECT agent.id, conversation.answered_seq, channel.daily_answers, channel.daily_tokens,
             channel.daily_visitor_answers, {}
         FROM conversation
         JOIN channel ON channel.id = conversation.channel_id
         JOIN agent ON agent.id = channel.agent_id
         WHERE conversation.id = ?",
        agents::SETTINGS
    );
    let (agent_id, answered, limits, agent) =
        conn.prepare_cached(&sql)?.query_row([conversation.0], |row| {
            let limits = usage::limits(row, 2)?;
            Ok((AgentId(row.get(0)?), row.get::<_, i64>(1)?, limits, agents::settings(row, 5)?))
        })?;
    let over_limit = usage::reached(conn, &limits, &place, id, now)?;
    let window = i64::from(agent.history_messages);
    let recent = recent(conn, conversation, covers, window + QUESTION_MESSAGES)?;
    let newest = recent.iter().rfind(|message| message.author == Author::Visitor);
    // After conversations were merged, everything may count as answered: then it is about the
    // newest message.
    let answered = newest.map_or(answered, |newest| answered.min(newest.seq - 1));
    let (question, mut history): (Vec<_>, Vec<_>) = recent
        .into_iter()
        .partition(|message| message.author == Author::Visitor && message.seq > answered);
    let too_old = history.len().saturating_sub(agent.history_messages as usize);
    history.drain(..too_old);
    Ok(ClaimedTurn {
        id,
        answer,
        attempt,
        language,
        place,
        agent_id,
        agent,
        history,
        question,
        over_limit,
    })
}

/// The newest messages up to `covers`, at most `limit`, in order.
fn recent(
    conn: &Connection,
    conversation: ConversationId,
    covers: i64,
    limit: i64,
) -> Result<Vec<Message>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT id, seq, author, author_name, text, created_at FROM message
         WHERE conversation_id = ? AND seq <= ? ORDER BY seq DESC LIMIT ?",
    )?;
    let mut messages = statement
        .query_map(params![conversation.0, covers, limit], row::message)?
        .collect::<Result<Vec<_>, _>>()?;
    messages.reverse();
    attachments::fill(conn, conversation, &mut messages)?;
    Ok(messages)
}

/// A turn that has just ended.
pub(crate) struct Ended {
    pub place: ConversationPlace,
    pub answer: MessageId,
    covers: i64,
    pub agent: AgentId,
    pub agent_name: String,
    pub citations: Citations,
}

impl Ended {
    pub fn store(
        self,
        conn: &Connection,
        author: Author,
        said: Said,
        now: Timestamp,
    ) -> Result<Finished, StoreError> {
        let conversation = self.place.conversation;
        let Said { text, sources } = said;
        let mut message =
            conversations::append(conn, conversation, self.answer, author, text, now)?;
        sources::add(conn, conversation, &mut message, sources)?;
        conversations::mark_answered(conn, conversation, self.covers)?;
        Ok(Finished { message, place: self.place, citations: self.citations })
    }
}

/// The messages that a turn which ended without an answer of its own was about count as answered.
pub(crate) fn mark_covered(conn: &Connection, ended: &Ended) -> Result<(), StoreError> {
    conversations::mark_answered(conn, ended.place.conversation, ended.covers)
}

/// The conversation of a turn, as long as this attempt is the one that runs.
pub(crate) fn running(
    conn: &Connection,
    turn: TurnId,
    attempt: u32,
) -> Result<Option<ConversationId>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT conversation_id FROM turn WHERE id = ? AND state = 'running' AND attempts = ?",
    )?;
    let found = statement.query_row(params![turn.0, attempt], |row| row.get(0).map(ConversationId));
    Ok(found.optional()?)
}

/// Ends a turn, if this attempt is the one that runs.
pub(crate) fn end(
    conn: &Connection,
    turn: TurnId,
    attempt: u32,
    state: &'static str,
    now: Timestamp,
) -> Result<Option<Ended>, StoreError> {
    let ended = conn
        .prepare_cached(
            "UPDATE turn SET state = ?, finished_at = ?
             WHERE id = ? AND state = 'running' AND attempts = ?
             RETURNING conversation_id, answer_id, covers_seq",
        )?
        .query_row(params![state, now.0, turn.0, attempt], |row| {
            Ok((ConversationId(row.get(0)?), MessageId(row.get(1)?), row.get::<_, i64>(2)?))
        })
        .optional()?;
    let Some((conversation, answer, covers)) = ended else { return Ok(None) };
    let Some(place) = conversations::place_of(conn, conversation)? else { return Ok(None) };
    let (agent, agent_name, citations) = conn
        .prepare_cached(
            "SELECT agent.id, agent.name, agent.show_citations FROM conversation
             JOIN channel ON channel.id = conversation.channel_id
             JOIN agent ON agent.id = channel.agent_id WHERE conversation.id = ?",
        )?
        .query_row([conversation.0], |row| {
            Ok((AgentId(row.get(0)?), row.get(1)?, Citations::of(row.get(2)?)))
        })?;
    Ok(Some(Ended { place, answer, covers, agent, agent_name, citations }))
}

#[cfg(test)]
mod tests {
    use cavuer_protocol::console::AgentChanges;

    use crate::NewMessage;
    use crate::fixture::{Fixture, NOW};

    async fn states(fixture: &Fixture) -> (i64, i64) {
        let waiting = "SELECT count(*) FROM turn WHERE state = 'waiting'";
        let running = "SELECT count(*) FROM turn WHERE state = 'running'";
        (fixture.count(waiting).await, fixture.count(running).await)
    }

    #[tokio::test]
    async fn a_due_turn_is_claimed_with_its_message_and_the_next_one_waits_for_it() {
        let fixture = Fixture::new().await;
        let agent = fixture.agent().await;
        let channel = fixture.channel(agent).await;
        let first = fixture.new_message(&channel, "v_1", "One", NOW);
        let plan = first.turn.clone();
        let claim = NewMessage { claim: true, ..first };
        let (_, claimed) = fixture.store.post_visitor_message(claim).await.unwrap().unwrap();
        let claimed = claimed.unwrap();
        assert_eq!((claimed.id, claimed.answer, claimed.attempt), (plan.id, plan.answer, 1));
        assert_eq!(claimed.question.iter().map(|m| m.text.as_str()).collect::<Vec<_>>(), ["One"]);
        assert_eq!(states(&fixture).await, (0, 1));

        let second = fixture.new_message(&channel, "v_1", "Two", NOW);
        let second = NewMessage { claim: true, ..second };
        let (_, claimed) = fixture.store.post_visitor_message(second).await.unwrap().unwrap();
        assert!(claimed.is_none(), "one answer at a time");
        assert_eq!(states(&fixture).await, (1, 1));
        let due = fixture.store.claim_due_turns(NOW, 8).await.unwrap();
        assert!(due.claimed.is_empty() && due.next_due.is_none());

        let recovered = fixture.store.recover_turns(move |turn| turn == plan.id).await.unwrap();
        assert_eq!(recovered, 0, "somebody works on it");
        assert_eq!(fixture.store.recover_turns(|_| false).await.unwrap(), 1);
        let due = fixture.store.claim_due_turns(NOW, 8).await.unwrap();
        assert_eq!(due.claimed.len(), 1);
        assert_eq!(due.claimed[0].attempt, 2);
        assert_eq!(due.claimed[0].question.len(), 2);
    }

    #[tokio::test]
    async fn without_room_or_before_its_time_a_turn_waits() {
        let fixture = Fixture::new().await;
        let agent = fixture.agent().await;
        let channel = fixture.channel(agent).await;
        fixture.message(&channel, "v_1", "No room", NOW).await;
        assert_eq!(states(&fixture).await, (1, 0));

        let changes = AgentChanges { response_delay: Some(5), ..Default::default() };
        fixture.store.update_agent(fixture.workspace, agent, changes).await.unwrap();
        let early = fixture.new_message(&channel, "v_2", "Early", NOW);
        let early = NewMessage { claim: true, ..early };
        let (_, claimed) = fixture.store.post_visitor_message(early).await.unwrap().unwrap();
        assert!(claimed.is_none());
        let due = fixture.store.claim_due_turns(NOW, 0).await.unwrap();
        assert_eq!((due.claimed.len(), due.next_due), (0, Some(NOW)));
        let due = fixture.store.claim_due_turns(NOW, 8).await.unwrap();
        assert_eq!((due.claimed.len(), due.next_due), (1, Some(NOW.plus_millis(5_000))));
    }
}
