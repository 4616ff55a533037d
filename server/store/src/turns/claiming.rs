//! Claiming turns: what waits and is due becomes work of this process.

use cavuer_protocol::values::AgentSettings;
use cavuer_protocol::{
    AgentId, Author, ChannelId, ConversationId, Message, MessageId, Timestamp, TurnId,
};

use crate::places::{self, ConversationPlace};
use crate::sql::{Lock, Sql, params};
use crate::{DailyLimit, Store, StoreError, agents, attachments, row, usage};

/// Most unanswered messages that one answer covers; more than that no visitor means.
const QUESTION_MESSAGES: i64 = 50;

/// A turn that this server works on now, with all that the work needs.
#[derive(Clone, Debug)]
pub struct ClaimedTurn {
    /// Names, with `attempt`, the work in everything that is stored of it.
    pub id: TurnId,
    /// The id that the answer will have, in this attempt and in every later one.
    pub answer: MessageId,
    /// 1 for the first attempt.
    pub attempt: u32,
    /// The visitor's, a BCP 47 tag, from the newest message; may be empty.
    pub language: String,
    /// Whom to tell, and the channel whose functions may be called.
    pub place: ConversationPlace,
    /// The channel's agent, whose articles are searched.
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
    /// Longest due first, and at most one of each conversation.
    pub claimed: Vec<ClaimedTurn>,
    /// When the next waiting turn is due; `None` if none waits for anything but a running one.
    /// In the past if more are due than were to be claimed.
    pub next_due: Option<Timestamp>,
}

/// A turn that waits and is due.
struct Due {
    id: TurnId,
    conversation: ConversationId,
    channel: ChannelId,
}

impl Store {
    /// Takes up to `limit` turns that are due, oldest first; one per conversation at a time.
    pub async fn claim_due_turns(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<DueTurns, StoreError> {
        let worker = self.worker.clone();
        self.database
            .write(move |sql| {
                let due = due(sql, now, limit)?;
                lock_conversations(sql, &due)?;
                let (all, mut claimed) = (due.len(), Vec::new());
                for (age, due) in in_order_of_locks(due) {
                    // Another process may have claimed it before the lock was ours.
                    if is_free(sql, due.conversation, due.id, now)? {
                        claimed.push((age, claim(sql, due.id, &worker, now)?));
                    }
                }
                claimed.sort_unstable_by_key(|(age, _)| *age);
                // Instead of what is gone there may be something younger: look again at once.
                let next_due =
                    if claimed.len() == all { next_due(sql)? } else { Some(now.plus_millis(1)) };
                let claimed = claimed.into_iter().map(|(_, turn)| turn).collect();
                Ok(DueTurns { claimed, next_due })
            })
            .await
    }
}

/// Claims a turn that was planned just now, in the same transaction, if it is due and nothing
/// stands before it. `None`: it waits, or an earlier turn waits in its place. The conversation is
/// locked.
pub(crate) fn claim_planned(
    sql: &dyn Sql,
    conversation: ConversationId,
    id: TurnId,
    worker: &str,
    now: Timestamp,
) -> Result<Option<ClaimedTurn>, StoreError> {
    if is_free(sql, conversation, id, now)? {
        claim(sql, id, worker, now).map(Some)
    } else {
        Ok(None)
    }
}

/// What can be claimed, oldest first.
fn due(sql: &dyn Sql, now: Timestamp, limit: u32) -> Result<Vec<Due>, StoreError> {
    sql.rows(
        "SELECT turn.id, turn.conversation_id, conversation.channel_id FROM turn
         JOIN conversation ON conversation.id = turn.conversation_id
         WHERE turn.state = 'waiting' AND turn.due_at <= ?1
             AND NOT EXISTS (SELECT 1 FROM turn AS other
                 WHERE other.conversation_id = turn.conversation_id
                     AND other.state = 'running')
         ORDER BY turn.due_at LIMIT ?2",
        params![now, limit],
        |row| {
            Ok(Due {
                id: row.get("id")?,
                conversation: row.get("conversation_id")?,
                channel: row.get("channel_id")?,
            })
        },
    )
}

fn lock_conversations(sql: &dyn Sql, due: &[Due]) -> Result<(), StoreError> {
    let mut conversations: Vec<_> = due.iter().map(|due| due.conversation).collect();
    conversations.sort_unstable();
    conversations
        .into_iter()
        .try_for_each(|conversation| sql.lock(Lock::Conversation(conversation)))
}

/// Sorted by channel, because claiming may lock the channel's day, with each one's place by age.
/// Within a channel the oldest stays first: a last answer of the day is for it.
fn in_order_of_locks(due: Vec<Due>) -> Vec<(usize, Due)> {
    let mut due: Vec<_> = due.into_iter().enumerate().collect();
    due.sort_by_key(|(_, due)| due.channel);
    due
}

/// Whether a turn of a conversation, which is locked, can be claimed.
fn is_free(
    sql: &dyn Sql,
    conversation: ConversationId,
    id: TurnId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    sql.only_value(
        "SELECT EXISTS (SELECT 1 FROM turn
             WHERE id = ?1 AND conversation_id = ?2 AND state = 'waiting' AND due_at <= ?3
                 AND NOT EXISTS (SELECT 1 FROM turn AS other
                     WHERE other.conversation_id = turn.conversation_id
                         AND other.state = 'running'))",
        params![id, conversation, now],
    )
}

fn next_due(sql: &dyn Sql) -> Result<Option<Timestamp>, StoreError> {
    sql.only_value(
        "SELECT min(due_at) AS due_at FROM turn WHERE state = 'waiting'
             AND NOT EXISTS (SELECT 1 FROM turn AS other
                 WHERE other.conversation_id = turn.conversation_id AND other.state = 'running')",
        params![],
    )
}

fn claim(
    sql: &dyn Sql,
    id: TurnId,
    worker: &str,
    now: Timestamp,
) -> Result<ClaimedTurn, StoreError> {
    let (conversation, answer, language, attempt, covers) = sql.only(
        "UPDATE turn SET state = 'running', worker = ?2, attempts = attempts + 1, covers_seq =
             (SELECT last_seq FROM conversation WHERE conversation.id = turn.conversation_id)
         WHERE id = ?1
         RETURNING conversation_id, answer_id, language, attempts, covers_seq",
        params![id, worker],
        |row| {
            Ok((
                row.get("conversation_id")?,
                row.get("answer_id")?,
                row.get("language")?,
                row.get("attempts")?,
                row.get("covers_seq")?,
            ))
        },
    )?;
    let place = places::place_of(sql, conversation)?
        .ok_or_else(|| StoreError::fault("a turn without a conversation"))?;
    let statement = format!(
        "SELECT agent.id AS agent_id, conversation.answered_seq, channel.daily_answers,
             channel.daily_tokens, channel.daily_visitor_answers, {}
         FROM conversation
         JOIN channel ON channel.id = conversation.channel_id
         JOIN agent ON agent.id = channel.agent_id
         WHERE conversation.id = ?1",
        agents::SETTINGS
    );
    let (agent_id, answered, limits, agent) =
        sql.only(&statement, params![conversation], |row| {
            let answered: i64 = row.get("answered_seq")?;
            Ok((row.get("agent_id")?, answered, row::limits(row)?, agents::settings(row)?))
        })?;
    let over_limit = usage::reached(sql, &limits, &place, id, now)?;
    let window = i64::from(agent.history_messages);
    let recent = recent(sql, conversation, covers, window + QUESTION_MESSAGES)?;
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
    sql: &dyn Sql,
    conversation: ConversationId,
    covers: i64,
    limit: i64,
) -> Result<Vec<Message>, StoreError> {
    let mut messages = sql.rows(
        "SELECT id, seq, author, author_name, text, created_at FROM message
         WHERE conversation_id = ?1 AND seq <= ?2 ORDER BY seq DESC LIMIT ?3",
        params![conversation, covers, limit],
        row::message,
    )?;
    messages.reverse();
    attachments::fill(sql, conversation, &mut messages)?;
    Ok(messages)
}
