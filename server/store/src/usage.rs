//! What answers took, and how much of it a channel may take in a day.

use std::collections::HashMap;

use cavuer_protocol::limits::USAGE_DAYS;
use cavuer_protocol::values::DailyLimits;
use cavuer_protocol::{
    AgentId, ChannelId, ConversationId, MessageId, Timestamp, TurnId, WorkspaceId,
};

use crate::conversations::Finished;
use crate::places::{self, ConversationPlace};
use crate::sql::{Lock, Row, Sql, params};
use crate::{Store, StoreError, agents};

/// A day in milliseconds. Days begin at 00:00 UTC.
const DAY_MILLIS: i64 = 86_400_000;

/// What an answer took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// The model that wrote it, as an agent names it.
    pub model: String,
    /// `None` if the provider did not say.
    pub input_tokens: Option<u32>,
    /// Hidden thoughts included; `None` if the provider did not say.
    pub output_tokens: Option<u32>,
    /// From when the attempt that succeeded had its passages to its first words.
    pub first_token_millis: u32,
    /// From when the attempt that succeeded had its passages to its end.
    pub total_millis: u32,
    /// Millionths of a US dollar; `None` where no price is known.
    pub cost_micros: Option<u32>,
}

/// What a stored answer took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeasuredAnswer {
    /// The message that it became.
    pub answer: MessageId,
    /// What it took.
    pub measured: Measured,
}

/// What an agent's answers of some days took together, with what brought no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageTotals {
    /// How many there were.
    pub answers: u64,
    /// Tokens read, as far as providers count them.
    pub input_tokens: u64,
    /// Tokens written, as far as providers count them.
    pub output_tokens: u64,
    /// Millionths of a US dollar, of everything whose price is known.
    pub cost_micros: u64,
    /// Answers whose price is not known.
    pub unpriced_answers: u64,
    /// Half of the answers began sooner.
    pub median_first_token_millis: Option<u32>,
    /// One entry for each of the days, oldest first, today last.
    pub days: Vec<DayTotal>,
}

/// The answers of one day, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayTotal {
    /// The day's first moment.
    pub starts_at: Timestamp,
    /// How many there were.
    pub answers: u64,
}

/// What was paid for and brought no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spent {
    /// The model that was asked, as an agent names it.
    pub model: String,
    /// As the provider counts, if it does; a fourth of the bytes sent where a call broke off.
    pub input_tokens: u32,
    /// As the provider counts, if it does; a fourth of the bytes heard where a call broke off.
    pub output_tokens: u32,
    /// Millionths of a US dollar; `None` where no price is known.
    pub cost_micros: Option<u32>,
}

/// A limit that a channel has reached today, with its amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DailyLimit {
    /// Given in the channel, to whomever; those that are being written count as given.
    Answers(u32),
    /// Read and written in the channel, with what brought no answer; unfinished ones not yet.
    Tokens(u32),
    /// Of the one visitor who asks.
    VisitorAnswers(u32),
}

impl Store {
    /// What a conversation's answers took, oldest first. `None`: the workspace has no such
    /// conversation.
    pub async fn conversation_usage(
        &self,
        workspace: WorkspaceId,
        conversation: ConversationId,
    ) -> Result<Option<Vec<MeasuredAnswer>>, StoreError> {
        self.database
            .read(move |sql| match places::place(sql, workspace, conversation)? {
                Some(_) => of_conversation(sql, conversation).map(Some),
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
        self.database
            .write(move |sql| {
                sql.lock(Lock::ChannelDay(channel))?;
                for Spent { model, input_tokens, output_tokens, cost_micros } in spent {
                    sql.execute(
                        "INSERT INTO spending (agent_id, model, input_tokens, output_tokens,
                             cost_micros, created_at)
                         SELECT id, ?2, ?3, ?4, ?5, ?6 FROM agent WHERE id = ?1",
                        params![agent, model, input_tokens, output_tokens, cost_micros, now],
                    )?;
                    let tokens = i64::from(input_tokens) + i64::from(output_tokens);
                    count(sql, channel, now, 0, tokens)?;
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
    ) -> Result<Option<UsageTotals>, StoreError> {
        self.database
            .read(move |sql| match agents::by_id(sql, workspace, agent)? {
                Some(_) => of_agent(sql, agent, now).map(Some),
                None => Ok(None),
            })
            .await
    }
}

/// Notes what an answer took, and counts it for its channel's day.
pub(crate) fn add(
    sql: &dyn Sql,
    agent: AgentId,
    answer: &Finished,
    measured: &Measured,
) -> Result<(), StoreError> {
    let at = answer.message.created_at;
    sql.execute(
        "INSERT INTO answer_usage (agent_id, conversation_id, message_id, model, input_tokens,
             output_tokens, first_token_millis, total_millis, cost_micros, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            agent,
            answer.place.conversation,
            answer.message.id,
            measured.model,
            measured.input_tokens,
            measured.output_tokens,
            measured.first_token_millis,
            measured.total_millis,
            measured.cost_micros,
            at,
        ],
    )?;
    let tokens = i64::from(measured.input_tokens.unwrap_or_default())
        + i64::from(measured.output_tokens.unwrap_or_default());
    count(sql, answer.place.visitor.channel, at, 1, tokens)
}

/// Counts for a channel's day, if there is the channel. Nobody decides on the day meanwhile: an
/// answer is seen either as being written or as given, and never as neither.
fn count(
    sql: &dyn Sql,
    channel: ChannelId,
    at: Timestamp,
    answers: i64,
    tokens: i64,
) -> Result<(), StoreError> {
    sql.lock(Lock::ChannelDay(channel))?;
    sql.execute(
        "INSERT INTO channel_day (channel_id, day, answers, tokens)
         SELECT id, ?2, ?3, ?4 FROM channel WHERE id = ?1
         ON CONFLICT (channel_id, day) DO UPDATE SET
             answers = channel_day.answers + excluded.answers,
             tokens = channel_day.tokens + excluded.tokens",
        params![channel, day(at), answers, tokens],
    )?;
    Ok(())
}

/// The limit that leaves no answer for a turn that has just been claimed. The other answers that
/// are being written in the channel count as given.
///
/// Where the channel as a whole has limits, its day is locked, so that the day's last answer is
/// claimed once: whoever claims another turn of the channel waits, and then sees this one.
pub(crate) fn reached(
    sql: &dyn Sql,
    limits: &DailyLimits,
    place: &ConversationPlace,
    turn: TurnId,
    now: Timestamp,
) -> Result<Option<DailyLimit>, StoreError> {
    if limits.answers.is_some() || limits.tokens.is_some() {
        let channel = place.visitor.channel;
        sql.lock(Lock::ChannelDay(channel))?;
        let (answers, tokens) = counted(sql, channel, now)?;
        let being_written: i64 = sql.only_value(
            "SELECT count(*) FROM turn
             JOIN conversation ON conversation.id = turn.conversation_id
             WHERE turn.state = 'running' AND turn.id <> ?1 AND conversation.channel_id = ?2",
            params![turn, channel],
        )?;
        if let Some(most) = limits.answers.filter(|most| answers + being_written >= (*most).into())
        {
            return Ok(Some(DailyLimit::Answers(most)));
        }
        if let Some(most) = limits.tokens.filter(|most| tokens >= i64::from(*most)) {
            return Ok(Some(DailyLimit::Tokens(most)));
        }
    }
    let Some(most) = limits.visitor_answers else { return Ok(None) };
    // Under the conversation's lock, as everything of a turn is.
    let answers: i64 = sql.only_value(
        "SELECT count(*) FROM answer_usage WHERE conversation_id = ?1 AND created_at >= ?2",
        params![place.conversation, day(now) * DAY_MILLIS],
    )?;
    Ok((answers >= most.into()).then_some(DailyLimit::VisitorAnswers(most)))
}

/// Hands a conversation's past over to the one it is merged into.
pub(crate) fn adopt(
    sql: &dyn Sql,
    from: ConversationId,
    into: ConversationId,
) -> Result<(), StoreError> {
    sql.execute(
        "UPDATE answer_usage SET conversation_id = ?1 WHERE conversation_id = ?2",
        params![into, from],
    )?;
    Ok(())
}

fn day(at: Timestamp) -> i64 {
    at.0.div_euclid(DAY_MILLIS)
}

/// The answers and tokens that a channel has had on a day.
fn counted(sql: &dyn Sql, channel: ChannelId, now: Timestamp) -> Result<(i64, i64), StoreError> {
    let counted = sql.row(
        "SELECT answers, tokens FROM channel_day WHERE channel_id = ?1 AND day = ?2",
        params![channel, day(now)],
        |row| Ok((row.get("answers")?, row.get("tokens")?)),
    )?;
    Ok(counted.unwrap_or_default())
}

fn of_conversation(
    sql: &dyn Sql,
    conversation: ConversationId,
) -> Result<Vec<MeasuredAnswer>, StoreError> {
    sql.rows(
        "SELECT message_id, model, input_tokens, output_tokens, first_token_millis, total_millis,
             cost_micros
         FROM answer_usage WHERE conversation_id = ?1 ORDER BY created_at, id",
        params![conversation],
        |row| {
            let measured = Measured {
                model: row.get("model")?,
                input_tokens: row.get("input_tokens")?,
                output_tokens: row.get("output_tokens")?,
                first_token_millis: row.get("first_token_millis")?,
                total_millis: row.get("total_millis")?,
                cost_micros: row.get("cost_micros")?,
            };
            Ok(MeasuredAnswer { answer: row.get("message_id")?, measured })
        },
    )
}

fn of_agent(sql: &dyn Sql, agent: AgentId, now: Timestamp) -> Result<UsageTotals, StoreError> {
    let first_day = day(now) - USAGE_DAYS + 1;
    let since = Timestamp(first_day * DAY_MILLIS);
    let mut usage = answered(sql, agent, since)?;
    add_spent(sql, agent, since, &mut usage)?;
    usage.median_first_token_millis = sql.value(
        "SELECT first_token_millis FROM answer_usage WHERE agent_id = ?1 AND created_at >= ?2
         ORDER BY first_token_millis LIMIT 1 OFFSET (
             SELECT count(*) / 2 FROM answer_usage WHERE agent_id = ?1 AND created_at >= ?2)",
        params![agent, since],
    )?;
    let by_day = sql.rows(
        "SELECT created_at / ?3 AS day, count(*) AS answers FROM answer_usage
         WHERE agent_id = ?1 AND created_at >= ?2 GROUP BY 1",
        params![agent, since, DAY_MILLIS],
        |row| Ok((row.get("day")?, sum(row, "answers")?)),
    )?;
    let mut by_day: HashMap<i64, u64> = by_day.into_iter().collect();
    usage.days = (first_day..first_day + USAGE_DAYS)
        .map(|day| DayTotal {
            starts_at: Timestamp(day * DAY_MILLIS),
            answers: by_day.remove(&day).unwrap_or_default(),
        })
        .collect();
    Ok(usage)
}

/// What an agent's answers took since a moment, all together.
fn answered(sql: &dyn Sql, agent: AgentId, since: Timestamp) -> Result<UsageTotals, StoreError> {
    // A sum may be of a wider type than what it adds up.
    sql.only(
        "SELECT count(*) AS answers,
             CAST(coalesce(sum(input_tokens), 0) AS BIGINT) AS input_tokens,
             CAST(coalesce(sum(output_tokens), 0) AS BIGINT) AS output_tokens,
             CAST(coalesce(sum(cost_micros), 0) AS BIGINT) AS cost_micros,
             count(*) - count(cost_micros) AS unpriced_answers
         FROM answer_usage WHERE agent_id = ?1 AND created_at >= ?2",
        params![agent, since],
        |row| {
            Ok(UsageTotals {
                answers: sum(row, "answers")?,
                input_tokens: sum(row, "input_tokens")?,
                output_tokens: sum(row, "output_tokens")?,
                cost_micros: sum(row, "cost_micros")?,
                unpriced_answers: sum(row, "unpriced_answers")?,
                median_first_token_millis: None,
                days: Vec::new(),
            })
        },
    )
}

/// Adds what brought no answer.
fn add_spent(
    sql: &dyn Sql,
    agent: AgentId,
    since: Timestamp,
    usage: &mut UsageTotals,
) -> Result<(), StoreError> {
    sql.only(
        "SELECT CAST(coalesce(sum(input_tokens), 0) AS BIGINT) AS input_tokens,
             CAST(coalesce(sum(output_tokens), 0) AS BIGINT) AS output_tokens,
             CAST(coalesce(sum(cost_micros), 0) AS BIGINT) AS cost_micros
         FROM spending WHERE agent_id = ?1 AND created_at >= ?2",
        params![agent, since],
        |row| {
            usage.input_tokens += sum(row, "input_tokens")?;
            usage.output_tokens += sum(row, "output_tokens")?;
            usage.cost_micros += sum(row, "cost_micros")?;
            Ok(())
        },
    )
}

fn sum(row: &mut Row, column: &str) -> Result<u64, StoreError> {
    row.get(column).map(i64::unsigned_abs)
}
