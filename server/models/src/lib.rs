//! Language models: what an agent asks, and who can answer.
//!
//! [`Models`] turns a model id of an agent into something that implements [`Llm`]: a provider
//! over the network, or the built-in answerer, which quotes articles and needs neither key nor
//! network. Whoever asks sees the same stream of pieces either way.
//!
//! The providers' protocols are written out here rather than taken from a crate of many providers.
//! The candidate, `genai`, does report status and headers and has limits on header and read time.
//! But it reads error bodies and events without a bound on their size and puts whole bodies into
//! its errors, its read limit is renewed by every ping, so an answer without a word can last for
//! ever, an answer that broke off shows only by the absence of its last event, and it switches on
//! `serde_json`'s field order for the whole workspace. Two protocols need about a hundred lines
//! each.
//!
//! Invariant: only this module knows a provider's wire format, and nothing in it knows the
//! database.

mod answer;
mod anthropic;
mod asked;
mod azure;
mod builtin;
mod catalogue;
mod embeddings;
mod enclosed;
mod error;
mod exam;
mod exchange;
mod failure;
mod families;
mod google;
mod marks;
mod models;
mod openai;
pub mod outbound;
mod overlap;
mod piece;
mod prompt;
mod provider;
mod settings;
mod transcription;

use std::fmt;

use bytes::Bytes;
use cavuer_protocol::console::AnswerLength;
use futures::stream::BoxStream;

pub use asked::Asked;
pub use builtin::BuiltIn;
pub use cavuer_protocol::console::ProviderKind;
pub use embeddings::{Embedder, MAX_DIMENSIONS, MAX_TEXTS, TextRole, can_embed};
pub use enclosed::Enclosed;
pub use error::{LlmError, LlmErrorKind};
pub use exam::examine;
pub use models::{BUILT_IN_MODEL, LlmConfig, ModelId, Models, WorkspaceModels, is_name};
pub use piece::{
    AnsweredCall, BrokenArguments, HAND_OVER_TOOL, Piece, Tool, ToolCall, ToolChoice, ToolRound,
    Usage,
};
pub use prompt::{Composed, compose};
pub use provider::{MAX_ANSWER_CHARS, Provider, ProviderConfig, ProviderModel, Timeouts};
pub use transcription::{Heard, Recording};

/// Something that answers.
pub trait Llm: Send + Sync {
    /// Answers as a stream of pieces, in order.
    ///
    /// The stream's end means that the answer is complete. It yields at least one piece of visible
    /// text, a call of one of the prompt's tools or an error, and nothing after an error. Dropping
    /// it stops the work.
    fn stream(&self, prompt: Prompt) -> BoxStream<'static, Result<Piece, LlmError>>;
}

/// Everything that an answer is made from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prompt {
    /// The rules that the owner wrote for the agent; may be empty.
    pub instruction: String,
    /// The conversation before the question, oldest first.
    pub history: Vec<PastMessage>,
    /// What the visitor wrote since the last answer; several messages are joined by line breaks.
    pub question: String,
    /// What the visitor sent along with the question.
    pub images: Vec<Image>,
    /// What else the visitor sent along with it.
    pub enclosed: Vec<Enclosed>,
    /// What the agent's articles say about it, most relevant first.
    pub passages: Vec<Passage>,
    /// 0 (always the likeliest words) to 1 (free).
    pub temperature: f64,
    pub agent_name: String,
    /// The visitor's language, a BCP 47 tag, as the browser tells it; may be empty.
    pub language: String,
    /// The language to answer in, whatever the visitor writes; a BCP 47 tag.
    pub answer_language: Option<String>,
    pub answer_length: AnswerLength,
    /// Functions that the model may ask for; none means that it can only write.
    pub tools: Vec<Tool>,
    pub tool_choice: ToolChoice,
    /// What this answer has already asked for and been told, oldest first.
    pub rounds: Vec<ToolRound>,
    /// Longest answer in tokens; `None` leaves it to the provider.
    pub max_answer_tokens: Option<u32>,
}

/// One earlier message of the conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastMessage {
    pub role: Role,
    pub text: String,
    /// Providers take images from the visitor's side only; others are left out.
    pub images: Vec<Image>,
    pub enclosed: Vec<Enclosed>,
}

impl PastMessage {
    /// A message that nothing came along with.
    pub fn new(role: Role, text: impl Into<String>) -> Self {
        Self { role, text: text.into(), images: Vec::new(), enclosed: Vec::new() }
    }
}

/// An image that a model is to look at.
#[derive(Clone, PartialEq, Eq)]
pub struct Image {
    /// All providers take `image/jpeg`, `image/png`, `image/gif` and `image/webp`.
    pub media_type: String,
    pub bytes: Bytes,
}

impl fmt::Debug for Image {
    /// Only the size: the bytes would fill a log and may show a person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Image({}, {} bytes)", self.media_type, self.bytes.len())
    }
}

/// On whose side a message was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Visitor,
    /// The agent, or a person who took over from it.
    Agent,
}

/// A part of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Title of the article.
    pub title: String,
    pub text: String,
}
