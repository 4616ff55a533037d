//! Turns: an agent's work, as rows.

mod claiming;
mod recovering;

use cavuer_base::citations::Citations;
use cavuer_protocol::{AgentId, Author, ConversationId, MessageId, Source, Timestamp, TurnId};

use crate::conversations::{self, Finished};
use crate::places::{self, ConversationPlace};
use crate::sql::{Sql, params};
use crate::{Measured, Store, StoreError, function_calls, sources, usage};

pub(crate) use claiming::claim_planned;
pub use claiming::{ClaimedTurn, DueTurns};

/// A turn whose answer is not wanted any more, because the visitor went on writing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Superseded {
    /// The one whose work is to be stopped.
    pub turn: TurnId,
    /// The id of the answer that will not come.
    pub answer: MessageId,
    /// When the visitor began to ask.
    pub(crate) asked_at: Timestamp,
}

/// The turn that a visitor's message calls for, unless one waits already.
#[derive(Clone, Debug)]
pub struct TurnPlan {
    /// Made by whoever plans it.
    pub id: TurnId,
    /// The message id that the answer will have, so that no second run stores a second one.
    pub answer: MessageId,
    /// Language of the visitor, a BCP 47 tag.
    pub language: String,
}

/// What an agent has said, and the passages that it is from.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// Light Markdown; empty only where the agent hands over without a word.
    pub text: String,
    /// The first used first.
    pub sources: Vec<Source>,
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

impl Store {
    /// Stores the answer with what it took, and ends the turn. `None`: the turn was cancelled
    /// meanwhile, for example because an operator took over, or another attempt runs; then nothing
    /// is stored.
    pub async fn finish_turn(
        &self,
        turn: TurnId,
        attempt: u32,
        said: Said,
        measured: Measured,
        now: Timestamp,
    ) -> Result<Option<Finished>, StoreError> {
        self.write_in_turn(turn, move |sql| {
            let Some(ended) = end(sql, turn, attempt, "done", now)? else { return Ok(None) };
            let author = Author::Agent { name: ended.agent_name.clone() };
            let agent = ended.agent;
            let finished = ended.store(sql, author, said, now)?;
            usage::add(sql, agent, &finished, &measured)?;
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
        self.write_in_turn(turn, move |sql| {
            let Some(ended) = end(sql, turn, attempt, "failed", now)? else { return Ok(None) };
            let said = Said { text: line, sources: Vec::new() };
            let finished = ended.store(sql, Author::System, said, now)?;
            sql.execute(
                "UPDATE conversation SET failure = ?1 WHERE id = ?2",
                params![reason, finished.place.conversation],
            )?;
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
        self.write_in_turn(turn, move |sql| {
            put_back(sql, turn, attempt, Some(due_at))?;
            Ok(Some(()))
        })
        .await?;
        Ok(())
    }
}

impl Ended {
    pub(crate) fn store(
        self,
        sql: &dyn Sql,
        author: Author,
        said: Said,
        now: Timestamp,
    ) -> Result<Finished, StoreError> {
        let conversation = self.place.conversation;
        let Said { text, sources } = said;
        let mut message = conversations::append(sql, conversation, self.answer, author, text, now)?;
        sources::add(sql, conversation, &mut message, sources)?;
        conversations::mark_answered(sql, conversation, self.covers)?;
        Ok(Finished { message, place: self.place, citations: self.citations })
    }
}

/// Ends the running turn of a conversation, which is locked, if the agent is to begin anew when a
/// message arrives in the middle of an answer. Once the longest delay since the visitor began to
/// ask is over, the answer is let finish, or somebody who keeps writing would never get one.
pub(crate) fn supersede(
    sql: &dyn Sql,
    conversation: ConversationId,
    now: Timestamp,
) -> Result<Option<Superseded>, StoreError> {
    sql.row(
        "UPDATE turn SET state = 'cancelled', finished_at = ?1
         WHERE conversation_id = ?2 AND state = 'running' AND EXISTS (
             SELECT 1 FROM conversation
             JOIN channel ON channel.id = conversation.channel_id
             JOIN agent ON agent.id = channel.agent_id
             WHERE conversation.id = ?2 AND agent.mid_answer = 'restart'
                 AND ?1 < turn.created_at + 1000 * CASE
                     WHEN agent.response_delay > agent.longest_delay THEN agent.response_delay
                     ELSE agent.longest_delay
                 END)
         RETURNING id, answer_id, created_at",
        params![now, conversation],
        |row| {
            Ok(Superseded {
                turn: row.get("id")?,
                answer: row.get("answer_id")?,
                asked_at: row.get("created_at")?,
            })
        },
    )
}

/// Makes sure that a turn waits for the new message of a conversation, which is locked, and moves
/// its time. `asked_at` is when the visitor began to ask what it is about.
pub(crate) fn plan(
    sql: &dyn Sql,
    conversation: ConversationId,
    plan: &TurnPlan,
    asked_at: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (delay, longest) = delays(sql, conversation)?;
    let due_for =
        |asked_at: Timestamp| now.plus_millis(delay).min(asked_at.plus_millis(delay.max(longest)));
    let waiting: Option<(TurnId, Timestamp, Timestamp)> = sql.row(
        "SELECT id, created_at, due_at FROM turn
         WHERE conversation_id = ?1 AND state = 'waiting'",
        params![conversation],
        |row| Ok((row.get("id")?, row.get("created_at")?, row.get("due_at")?)),
    )?;
    if let Some((waiting, created_at, due_at)) = waiting {
        sql.execute(
            "UPDATE turn SET due_at = ?1, language = ?2 WHERE id = ?3",
            params![due_at.max(due_for(created_at)), plan.language, waiting],
        )?;
        return Ok(());
    }
    sql.execute(
        "INSERT INTO turn (id, conversation_id, answer_id, state, language, created_at, due_at)
         VALUES (?1, ?2, ?3, 'waiting', ?4, ?5, ?6)",
        params![plan.id, conversation, plan.answer, plan.language, asked_at, due_for(asked_at)],
    )?;
    Ok(())
}

/// The language of the conversation's latest turn; empty if there was none.
pub(crate) fn latest_language(
    sql: &dyn Sql,
    conversation: ConversationId,
) -> Result<String, StoreError> {
    let language: Option<String> = sql.value(
        "SELECT language FROM turn WHERE conversation_id = ?1
         ORDER BY created_at DESC, id DESC LIMIT 1",
        params![conversation],
    )?;
    Ok(language.unwrap_or_default())
}

/// Ends whatever the agent was about to say in a conversation, which is locked.
pub(crate) fn cancel(
    sql: &dyn Sql,
    conversation: ConversationId,
    now: Timestamp,
) -> Result<(), StoreError> {
    sql.execute(
        "UPDATE turn SET state = 'cancelled', finished_at = ?1
         WHERE conversation_id = ?2 AND state IN ('waiting', 'running')",
        params![now, conversation],
    )?;
    function_calls::abandon(sql, conversation, now)
}

/// Moves the open turns of a conversation that is merged into another one, where they do not
/// meet open turns of the other; those will answer everything then. Both are locked.
pub(crate) fn adopt(
    sql: &dyn Sql,
    from: ConversationId,
    into: ConversationId,
    moved_by: i64,
) -> Result<(), StoreError> {
    sql.execute(
        "UPDATE turn SET conversation_id = ?1, covers_seq = covers_seq + ?2
         WHERE conversation_id = ?3 AND state IN ('waiting', 'running')
             AND NOT EXISTS (SELECT 1 FROM turn AS other
                 WHERE other.conversation_id = ?1 AND other.state = turn.state)",
        params![into, moved_by, from],
    )?;
    Ok(())
}

/// The messages that a turn which ended without an answer of its own was about count as answered.
pub(crate) fn mark_covered(sql: &dyn Sql, ended: &Ended) -> Result<(), StoreError> {
    conversations::mark_answered(sql, ended.place.conversation, ended.covers)
}

/// Ends a turn, whose conversation is locked, if this attempt is the one that runs.
pub(crate) fn end(
    sql: &dyn Sql,
    turn: TurnId,
    attempt: u32,
    state: &'static str,
    now: Timestamp,
) -> Result<Option<Ended>, StoreError> {
    let ended: Option<(ConversationId, MessageId, i64)> = sql.row(
        "UPDATE turn SET state = ?1, finished_at = ?2
         WHERE id = ?3 AND state = 'running' AND attempts = ?4
         RETURNING conversation_id, answer_id, covers_seq",
        params![state, now, turn, attempt],
        |row| Ok((row.get("conversation_id")?, row.get("answer_id")?, row.get("covers_seq")?)),
    )?;
    let Some((conversation, answer, covers)) = ended else { return Ok(None) };
    let Some(place) = places::place_of(sql, conversation)? else { return Ok(None) };
    let (agent, agent_name, show_citations) = sql.only(
        "SELECT agent.id, agent.name, agent.show_citations FROM conversation
         JOIN channel ON channel.id = conversation.channel_id
         JOIN agent ON agent.id = channel.agent_id WHERE conversation.id = ?1",
        params![conversation],
        |row| Ok((row.get("id")?, row.get("name")?, row.get("show_citations")?)),
    )?;
    let citations = Citations::of(show_citations);
    Ok(Some(Ended { place, answer, covers, agent, agent_name, citations }))
}

/// Waiting again; a newer turn that waits already is absorbed. The conversation is locked.
fn put_back(
    sql: &dyn Sql,
    turn: TurnId,
    attempt: u32,
    due_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    // The newer turn goes, not the older: clients may have seen a part of the older one's draft,
    // and that draft is to become the answer.
    let newer: Option<TurnId> = sql.value(
        "SELECT newer.id FROM turn AS old
         JOIN turn AS newer ON newer.conversation_id = old.conversation_id
         WHERE old.id = ?1 AND old.state = 'running' AND old.attempts = ?2
             AND newer.state = 'waiting'",
        params![turn, attempt],
    )?;
    if let Some(newer) = newer {
        sql.execute("DELETE FROM turn WHERE id = ?1", params![newer])?;
    }
    sql.execute(
        "UPDATE turn SET state = 'waiting', worker = NULL, covers_seq = NULL,
             due_at = coalesce(?1, due_at)
         WHERE id = ?2 AND state = 'running' AND attempts = ?3",
        params![due_at, turn, attempt],
    )?;
    Ok(())
}

/// How long a conversation's agent waits for more after a message, and at the longest, in
/// milliseconds.
fn delays(sql: &dyn Sql, conversation: ConversationId) -> Result<(i64, i64), StoreError> {
    let (delay, longest): (i64, i64) = sql.only(
        "SELECT agent.response_delay, agent.longest_delay FROM conversation
         JOIN channel ON channel.id = conversation.channel_id
         JOIN agent ON agent.id = channel.agent_id WHERE conversation.id = ?1",
        params![conversation],
        |row| Ok((row.get("response_delay")?, row.get("longest_delay")?)),
    )?;
    Ok((delay * 1_000, longest * 1_000))
}

#[cfg(test)]
mod tests;
