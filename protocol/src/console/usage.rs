//! What answers take: tokens, time and money.

use serde::{Deserialize, Serialize};

use crate::{MessageId, Timestamp};

/// What one answer took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnswerUsage {
    /// The answer.
    pub message_id: MessageId,
    /// The model that wrote it, as an agent names it.
    pub model: String,
    /// Tokens read, as the provider counts; `None` if it did not say.
    pub input_tokens: Option<u32>,
    /// Tokens written, as the provider counts; `None` if it did not say.
    pub output_tokens: Option<u32>,
    /// From the model being asked, in the attempt that succeeded, to its first words.
    pub first_token_millis: u32,
    /// From the model being asked, in the attempt that succeeded, to the answer's end.
    pub total_millis: u32,
    /// Millionths of a US dollar, by the provider's list price; `None` where that is not known.
    pub cost_micros: Option<u32>,
}

/// What an agent's answers of the last days took together. Deleted conversations count as well, and
/// so do tokens and money for what brought no answer: attempts that failed or were cut short,
/// hand-overs, voice messages made into text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgentUsage {
    /// Answers that were stored in conversations; trials in the playground are none.
    pub answers: u64,
    /// Tokens read, of everything that a provider counted.
    pub input_tokens: u64,
    /// Tokens written, of everything that a provider counted.
    pub output_tokens: u64,
    /// Millionths of a US dollar, of everything whose price is known.
    pub cost_micros: u64,
    /// Answers whose price is not known.
    pub unpriced_answers: u64,
    /// Half of the answers began sooner.
    pub median_first_token_millis: Option<u32>,
    /// One entry for each of the days, oldest first, today last.
    pub days: Vec<UsageDay>,
}

/// One day of an agent, in UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UsageDay {
    /// The day's first moment.
    pub starts_at: Timestamp,
    /// Answers given on that day; 0 on a day without any.
    pub answers: u64,
}
