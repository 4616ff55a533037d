//! What answers took, and how much of it a channel may take in a day.

use std::collections::HashMap;

use cavuer_protocol::console::{AgentUsage, AnswerUsage, DailyLimits, UsageDay};
use cavuer_protocol::limits::USAGE_DAYS;
use cavuer_protocol::{
    AgentId, ChannelId, ConversationId, MessageId, Timestamp, TurnId, WorkspaceId,
};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{ConversationPlace, Finished, Store, StoreError, agents, conversations};

/// A day in milliseconds. Days begin at 00:00 UTC.
const DAY_MILLIS: i64 = 86_400_000;

/// What an answer took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// The model that wrote it, as an agent names it.
    pub model: String,
    /// `None` if the provider did not say.
    pub input_tokens: Option<u32>,
    pub output_tokens: Option<u32>,
    pub first_token_millis: u32,
    pub total_millis: u32,
    /// Millionths of a US dollar; `None` where no price is known.
    pub cost_micros: Option<u32>,
}

/// What was paid for and brought no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spent {
    /// The model that was asked, as an agent names it.
    pub model: String,
    pub input_tokens: u32,
    pub output_tokens: u32,
    /// Millionths of a US dollar; `None` where no price is known.
    pub cost_micros: Option<u32>,
}

/// A limit that a channel has reached today, with its amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DailyLimit {
    Answers(u32),
    Tokens(u32),
    /// Of the one visitor who asks.
    VisitorAnswers(u32),
}

impl Measured {
    /// The same for the console.
    pub fn of(self, message_id: MessageId) -> AnswerUsage {
        let Self {
            model,
            input_tokens,
            output_tokens,
            first_token_millis,
            total_millis,
            cost_micros,
        } = self;
        AnswerUsage {
            message_id,
            model,
            input_tokens,
            output_tokens,
            first_token_millis,
            total_millis,
            cost_micros,
        }
    }
}

impl Store {
    /// What a conversation's answers took, oldest first. `None`: the workspace has no such
    /// conversation.
    pub async fn conversation_usage(
        &self,
        workspace: WorkspaceId,
        conversation: ConversationId,
    ) -> Result<Option<Vec<AnswerUsage>>, StoreError> {
        self.pool
            .read(move |conn| match conversations::place(conn, workspace, conversation)? {
                Some(_) => of_conversation(conn, conversation).map(Some),
                None => Ok(None),
            })
            .await
    }

    /// Notes what an agent has spent without an answer, and counts the tokens for its channel's
    /// day. What is gone meanwhile is left out.
    pub async fn add_spendings(
        &self,
        channel: ChannelId,
        agent: AgentId,
        spent: Vec<Spent>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.pool
            .write(move |conn| {
                for Spent { model, input_tokens, output_tokens, cost_micros } in spent {
                    conn.prepare_cached(
                        "INSERT INTO spending (agent_id, model, input_tokens, output_tokens,
                             cost_micros, created_at)
                         SELECT id, ?2, ?3, ?4, ?5, ?6 FROM agent WHERE id = ?1",
                    )?
                    .execute(params![
                        agent.0,
                        model,
                        input_tokens,
                        output_tokens,
                        cost_micros,
                        now.0
                    ])?;
                    let tokens = i64::from(input_tokens) + i64::from(output_tokens);
                    count(conn, channel, now, 0, tokens)?;
                }
                Ok(())
            })
            .await
    }

    /// What an agent's answers took in the last [`USAGE_DAYS`] days, today included. `None`: the
    /// workspace has no such agent.
    pub async fn agent_usage(
        &self,
        workspace: WorkspaceId,
        agent: AgentId,
        now: Timestamp,
    ) -> Result<Option<AgentUsage>, StoreError> {
        self.pool
            .read(move |conn| match agents::by_id(conn, workspace, agent)? {
                Some(_) => of_agent(conn, agent, now).map(Some),
                None => Ok(None),
            })
            .await
    }
}

/// Notes what an answer took, and counts it for its channel's day.
pub(crate) fn add(
    conn: &Connection,
    agent: AgentId,
    answer: &Finished,
    measured: &Measured,
) -> Result<(), StoreError> {
    let at = answer.message.created_at;
    conn.prepare_cached(
        "INSERT INTO answer_usage (agent_id, conversation_id, message_id, model, input_tokens,
             output_tokens, first_token_millis, total_millis, cost_micros, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        agent.0,
        answer.place.conversation.0,
        answer.message.id.0,
        measured.model,
        measured.input_tokens,
        measured.output_tokens,
        measured.first_token_millis,
        measured.total_millis,
        measured.cost_micros,
        at.0,
    ])?;
    let tokens = i64::from(measured.input_tokens.unwrap_or_default())
        + i64::from(measured.output_tokens.unwrap_or_default());
    count(conn, answer.place.visitor.channel, at, 1, tokens)
}

/// Counts for a channel's day, if there is the channel.
fn count(
    conn: &Connection,
    channel: ChannelId,
    at: Timestamp,
    answers: i64,
    tokens: i64,
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT INTO channel_day (channel_id, day, answers, tokens)
         SELECT id, ?2, ?3, ?4 FROM channel WHERE id = ?1
         ON CONFLICT (channel_id, day) DO UPDATE SET
             answers = answers + excluded.answers, tokens = tokens + excluded.tokens",
    )?
    .execute(params![channel.0, day(at), answers, tokens])?;
    Ok(())
}

/// The limits in three columns of a channel.
pub(crate) fn limits(row: &Row<'_>, first: usize) -> rusqlite::Result<DailyLimits> {
    Ok(DailyLimits {
        answers: row.get(first)?,
        tokens: row.get(first + 1)?,
        visitor_answers: row.get(first + 2)?,
    })
}

/// The limit that leaves no answer for a turn that has just been claimed. The other answers that
/// are being written in the channel count as given.
pub(crate) fn reached(
    conn: &Connection,
    limits: &DailyLimits,
    place: &ConversationPlace,
    turn: TurnId,
    now: Timestamp,
) -> Result<Option<DailyLimit>, StoreError> {
    if limits.answers.is_some() || limits.tokens.is_some() {
        let channel = place.visitor.channel;
        let (answers, tokens) = conn
            .prepare_cached(
                "SELECT answers, tokens FROM channel_day WHERE channel_id = ? AND day = ?",
            )?
            .query_row(params![channel.0, day(now)], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?
            .unwrap_or((0, 0));
        let being_written: i64 = conn
            .prepare_cached(
                "SELECT count(*) FROM turn
                 JOIN conversation ON conversation.id = turn.conversation_id
                 WHERE turn.state = 'running' AND turn.id <> ? AND conversation.channel_id = ?",
            )?
            .query_row(params![turn.0, channel.0], |row| row.get(0))?;
        if let Some(most) = limits.answers.filter(|most| answers + being_written >= (*most).into())
        {
            return Ok(Some(DailyLimit::Answers(most)));
        }
        if let Some(most) = limits.tokens.filter(|most| tokens >= i64::from(*most)) {
            return Ok(Some(DailyLimit::Tokens(most)));
        }
    }
    let Some(most) = limits.visitor_answers else { return Ok(None) };
    let answers: i64 = conn
        .prepare_cached(
            "SELECT count(*) FROM answer_usage WHERE conversation_id = ? AND created_at >= ?",
        )?
        .query_row(params![place.conversation.0, day(now) * DAY_MILLIS], |row| row.get(0))?;
    Ok((answers >= most.into()).then_some(DailyLimit::VisitorAnswers(most)))
}

/// Hands a conversation's past over to the one it is merged into.
pub(crate) fn adopt(
    conn: &Connection,
    from: ConversationId,
    into: ConversationId,
) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE answer_usage SET conversation_id = ? WHERE conversation_id = ?")?
        .execute(params![into.0, from.0])?;
    Ok(())
}

fn day(at: Timestamp) -> i64 {
    at.0.div_euclid(DAY_MILLIS)
}

fn of_conversation(
    conn: &Connection,
    conversation: ConversationId,
) -> Result<Vec<AnswerUsage>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT message_id, model, input_tokens, output_tokens, first_token_millis, total_millis,
             cost_micros
         FROM answer_usage WHERE conversation_id = ? ORDER BY created_at, id",
    )?;
    let found = statement.query_map([conversation.0], |row| {
        Ok(AnswerUsage {
            message_id: MessageId(row.get(0)?),
            model: row.get(1)?,
            input_tokens: row.get(2)?,
            output_tokens: row.get(3)?,
            first_token_millis: row.get(4)?,
            total_millis: row.get(5)?,
            cost_micros: row.get(6)?,
        })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

fn of_agent(conn: &Connection, agent: AgentId, now: Timestamp) -> Result<AgentUsage, StoreError> {
    let first_day = day(now) - USAGE_DAYS + 1;
    let since = first_day * DAY_MILLIS;
    let mut usage = conn
        .prepare_cached(
            "SELECT count(*), coalesce(sum(input_tokens), 0), coalesce(sum(output_tokens), 0),
                 coalesce(sum(cost_micros), 0), count(*) - count(cost_micros)
             FROM answer_usage WHERE agent_id = ? AND created_at >= ?",
        )?
        .query_row(params![agent.0, since], |row| {
            let sum = |column| row.get::<_, i64>(column).map(i64::unsigned_abs);
            Ok(AgentUsage {
                answers: sum(0)?,
                input_tokens: sum(1)?,
                output_tokens: sum(2)?,
                cost_micros: sum(3)?,
                unpriced_answers: sum(4)?,
                median_first_token_millis: None,
                days: Vec::new(),
            })
        })?;
    let (read, written, cost) = conn
        .prepare_cached(
            "SELECT coalesce(sum(input_tokens), 0), coalesce(sum(output_tokens), 0),
                 coalesce(sum(cost_micros), 0)
             FROM spending WHERE agent_id = ? AND created_at >= ?",
        )?
        .query_row(params![agent.0, since], |row| {
            let sum = |column| row.get::<_, i64>(column).map(i64::unsigned_abs);
            Ok((sum(0)?, sum(1)?, sum(2)?))
        })?;
    usage.input_tokens += read;
    usage.output_tokens += written;
    usage.cost_micros += cost;
    usage.median_first_token_millis = conn
        .prepare_cached(
            "SELECT first_token_millis FROM answer_usage WHERE agent_id = ?1 AND created_at >= ?2
             ORDER BY first_token_millis LIMIT 1 OFFSET (
                 SELECT count(*) / 2 FROM answer_usage WHERE agent_id = ?1 AND created_at >= ?2)",
        )?
        .query_row(params![agent.0, since], |row| row.get(0))
        .optional()?;
    let mut statement = conn.prepare_cached(
        "SELECT created_at / ?3, count(*) FROM answer_usage
         WHERE agent_id = ?1 AND created_at >= ?2 GROUP BY 1",
    )?;
    let mut by_day = statement
        .query_map(params![agent.0, since, DAY_MILLIS], |row| {
            Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs()))
        })?
        .collect::<Result<HashMap<i64, u64>, _>>()?;
    usage.days = (first_day..first_day + USAGE_DAYS)
        .map(|day| UsageDay {
            starts_at: Timestamp(day * DAY_MILLIS),
            answers: by_day.remove(&day).unwrap_or_default(),
        })
        .collect();
    Ok(usage)
}
