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
    /// Not empty; at most [`crate::limits::MESSAGE_CHARS`] characters.
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
    /// On whose side it was written.
    pub by: PlaygroundRole,
    /// All of a history together has at most [`crate::limits::PLAYGROUND_HISTORY_CHARS`]
    /// characters.
    pub text: String,
}

/// On whose side a message of the playground was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PlaygroundRole {
    /// Whoever tries the agent, in a visitor's place.
    Visitor,
    /// What the agent answered before.
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
    /// What the answer is from, whether visitors are shown that or not; empty if there is no
    /// answer.
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
    /// The article that it belongs to.
    pub article: ArticleId,
    /// Title of the article.
    pub title: String,
    /// Page of the document on which it begins, from 1; `None` for texts without pages.
    pub page: Option<u32>,
    /// The whole passage, of which a source is an excerpt.
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
    /// As the model wrote it: there may be no such function.
    pub name: String,
    /// As the model wrote them: meant to be a JSON object.
    pub arguments: String,
    /// Whether it was made, and if not, why.
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
    /// It was made, and its answer counts as a success; or the server itself answered it.
    Done,
    /// It was made, and failed.
    Failed,
    /// It could not be called: there is no such function, or the arguments do not fit it.
    Refused,
}
