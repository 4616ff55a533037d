//! The playground: a conversation with an agent under settings that are not saved. Nothing of it
//! is kept.

use serde::{Deserialize, Serialize};

use super::{AgentChanges, AnswerUsage};
use crate::{ArticleId, Notice, Source};

/// `POST agents/{agent}/playground`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AskPlayground {
    /// What differs from the saved settings.
    #[serde(default)]
    pub settings: AgentChanges,
    /// What was said before, oldest first; at most [`crate::limits::HISTORY_MESSAGES`] messages.
    #[serde(default)]
    pub history: Vec<PlaygroundMessage>,
    pub question: String,
    /// Whether functions that the model asks for are really called.
    #[serde(default)]
    pub call_functions: bool,
}

/// A message of a conversation in the playground.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PlaygroundMessage {
    pub by: PlaygroundRole,
    pub text: String,
}

/// On whose side a message of the playground was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PlaygroundRole {
    Visitor,
    Agent,
}

/// What an agent would say, and how it comes to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlaygroundAnswer {
    /// Light Markdown. Empty if there is no answer, and perhaps if the agent would call a person.
    pub text: String,
    /// Why there is no answer.
    pub failure: Option<String>,
    /// `failure` by its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure_notice: Option<Notice>,
    /// Why the agent's own model did not answer, if its fallback did.
    pub fallback_reason: Option<String>,
    /// `fallback_reason` by its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback_notice: Option<Notice>,
    /// Set if the agent would call a person: why.
    pub person_wanted: Option<String>,
    pub sources: Vec<Source>,
    /// What was found in the agent's articles, best first.
    pub passages: Vec<PlaygroundPassage>,
    /// What the model was sent last. `None` if nothing was sent: the built-in answerer needs no
    /// prompt.
    pub prompt: Option<PlaygroundPrompt>,
    /// In the order in which the model asked for them.
    pub calls: Vec<PlaygroundCall>,
    /// What it took. The id names this answer and no message that is stored.
    pub usage: AnswerUsage,
}

/// A passage that was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlaygroundPassage {
    pub article: ArticleId,
    /// Title of the article.
    pub title: String,
    pub page: Option<u32>,
    pub text: String,
    /// The higher the better; only good for comparing the passages of one answer.
    pub score: f32,
    /// Whether the answer is from it.
    pub used: bool,
}

/// What a model was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlaygroundPrompt {
    /// Rules, instruction and passages.
    pub system: String,
    /// History and question. What functions gave back stands with the calls.
    pub messages: Vec<PlaygroundMessage>,
    /// Names of the functions that the model could ask for.
    pub functions: Vec<String>,
}

/// A function that the model asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlaygroundCall {
    pub name: String,
    /// As the model wrote them: meant to be a JSON object.
    pub arguments: String,
    pub outcome: PlaygroundOutcome,
    /// What the model was told.
    pub result: String,
    /// How long the call took, in milliseconds; 0 if nothing was called.
    pub millis: u64,
}

/// What became of a call in the playground.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PlaygroundOutcome {
    /// It could have been called and was not, because calls were not wanted.
    Withheld,
    Done,
    Failed,
    /// It could not be called: there is no such function, or the arguments do not fit it.
    Refused,
}
