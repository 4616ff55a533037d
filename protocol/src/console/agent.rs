//! Agents and what an owner decides about them.

use serde::{Deserialize, Deserializer, Serialize};

use super::ChannelSummary;
use crate::{AgentId, ArticleId, Timestamp};

/// An agent; its settings stand beside its id, not in an object of their own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Agent {
    pub id: AgentId,
    #[serde(flatten)]
    pub settings: AgentSettings,
    pub articles: Vec<ArticleId>,
    pub channels: Vec<ChannelSummary>,
    pub created_at: Timestamp,
}

/// What an owner decides about an agent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgentSettings {
    pub name: String,
    /// The id of one of the models that `GET models` lists.
    pub model: String,
    /// The model that answers when `model` cannot; `None` if there is to be none.
    pub fallback_model: Option<String>,
    pub instruction: String,
    /// 0 to 1. Models that take no temperature are not sent it.
    pub temperature: f64,
    pub answer_length: AnswerLength,
    /// The language of every answer, a BCP 47 tag; `None` for that of the visitor.
    pub answer_language: Option<String>,
    /// Most knowledge passages per answer.
    pub max_passages: u32,
    /// Whether visitors see which articles an answer is from.
    pub show_citations: bool,
    /// Messages before the question that the model is shown.
    pub history_messages: u32,
    /// Whether the model is given the images and files that visitors send.
    pub process_images: bool,
    /// Whether voice messages are made into text.
    pub process_audio: bool,
    /// The id of the model that makes them into text; `None` for the first that is at hand.
    pub speech_model: Option<String>,
    /// Seconds of silence that the agent waits for before it answers.
    pub response_delay: u32,
    /// Seconds after which it answers although the visitor goes on writing. One that is shorter
    /// than `response_delay` counts as long as that.
    pub longest_delay: u32,
    pub mid_answer: MidAnswer,
    /// Days after the last message after which a conversation is deleted; 0 for never.
    pub retention_days: u32,
}

/// How much an agent says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AnswerLength {
    /// A sentence or two.
    Short,
    #[default]
    Medium,
    /// As much as the question can bear.
    Long,
}

/// What becomes of a message that arrives while an answer is being written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MidAnswer {
    /// It waits, and gets an answer of its own.
    #[default]
    Wait,
    /// The answer begins anew and covers both.
    Restart,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewAgent {
    pub name: String,
    pub model: String,
}

/// What is absent stays as it is. `null` takes away what an agent can do without.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct AgentChanges {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub fallback_model: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instruction: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer_length: Option<AnswerLength>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub answer_language: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_passages: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show_citations: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history_messages: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub process_images: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub process_audio: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub speech_model: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_delay: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longest_delay: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mid_answer: Option<MidAnswer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention_days: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub articles: Option<Vec<ArticleId>>,
}

impl AgentSettings {
    /// An agent as it is before anybody has set anything up.
    pub fn new(name: String, model: String) -> Self {
        Self {
            name,
            model,
            fallback_model: None,
            instruction: String::new(),
            temperature: 0.5,
            answer_length: AnswerLength::default(),
            answer_language: None,
            max_passages: 5,
            show_citations: true,
            history_messages: 20,
            process_images: false,
            process_audio: false,
            speech_model: None,
            response_delay: 0,
            longest_delay: 120,
            mid_answer: MidAnswer::default(),
            retention_days: 30,
        }
    }

    /// Changes what `changes` names. The articles are not among the settings.
    pub fn apply(&mut self, changes: AgentChanges) {
        let AgentChanges {
            name,
            model,
            fallback_model,
            instruction,
            temperature,
            answer_length,
            answer_language,
            max_passages,
            show_citations,
            history_messages,
            process_images,
            process_audio,
            speech_model,
            response_delay,
            longest_delay,
            mid_answer,
            retention_days,
            articles: _,
        } = changes;
        set(&mut self.name, name);
        set(&mut self.model, model);
        set(&mut self.fallback_model, fallback_model);
        set(&mut self.instruction, instruction);
        set(&mut self.temperature, temperature);
        set(&mut self.answer_length, answer_length);
        set(&mut self.answer_language, answer_language);
        set(&mut self.max_passages, max_passages);
        set(&mut self.show_citations, show_citations);
        set(&mut self.history_messages, history_messages);
        set(&mut self.process_images, process_images);
        set(&mut self.process_audio, process_audio);
        set(&mut self.speech_model, speech_model);
        set(&mut self.response_delay, response_delay);
        set(&mut self.longest_delay, longest_delay);
        set(&mut self.mid_answer, mid_answer);
        set(&mut self.retention_days, retention_days);
    }
}

impl AgentChanges {
    /// What makes `wanted` of `saved`; the articles are not among the settings.
    pub fn between(saved: &AgentSettings, wanted: AgentSettings) -> Self {
        let AgentSettings {
            name,
            model,
            fallback_model,
            instruction,
            temperature,
            answer_length,
            answer_language,
            max_passages,
            show_citations,
            history_messages,
            process_images,
            process_audio,
            speech_model,
            response_delay,
            longest_delay,
            mid_answer,
            retention_days,
        } = wanted;
        Self {
            name: other(&saved.name, name),
            model: other(&saved.model, model),
            fallback_model: other(&saved.fallback_model, fallback_model),
            instruction: other(&saved.instruction, instruction),
            temperature: other(&saved.temperature, temperature),
            answer_length: other(&saved.answer_length, answer_length),
            answer_language: other(&saved.answer_language, answer_language),
            max_passages: other(&saved.max_passages, max_passages),
            show_citations: other(&saved.show_citations, show_citations),
            history_messages: other(&saved.history_messages, history_messages),
            process_images: other(&saved.process_images, process_images),
            process_audio: other(&saved.process_audio, process_audio),
            speech_model: other(&saved.speech_model, speech_model),
            response_delay: other(&saved.response_delay, response_delay),
            longest_delay: other(&saved.longest_delay, longest_delay),
            mid_answer: other(&saved.mid_answer, mid_answer),
            retention_days: other(&saved.retention_days, retention_days),
            articles: None,
        }
    }
}

fn other<T: PartialEq>(saved: &T, wanted: T) -> Option<T> {
    (*saved != wanted).then_some(wanted)
}

fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

/// Tells `null`, which is given, from a field that is absent.
pub(super) fn given<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}
