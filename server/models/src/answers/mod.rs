//! What comes out of a model, whoever it is: pieces of an answer, and the passages that it is from.

pub(crate) mod marks;
pub(crate) mod overlap;

use futures::stream::BoxStream;

use crate::error::LlmError;
use crate::prompt::{Prompt, ToolCall};

/// Something that answers.
pub trait Llm: Send + Sync {
    /// Answers as a stream of pieces, in order.
    ///
    /// The stream's end means that the answer is complete. It yields at least one piece of visible
    /// text, a call of one of the prompt's tools or an error, and nothing after an error. Dropping
    /// it stops the work.
    fn stream(&self, prompt: Prompt) -> BoxStream<'static, Result<Piece, LlmError>>;
}

/// A part of an answer under way.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// The next words for the visitor.
    Text(String),
    /// The words so far, or some of them, are from this one of the prompt's passages, counted
    /// from 0.
    Cited(usize),
    /// A function that the model wants called before it goes on. Nothing has been called.
    ToolCall(ToolCall),
    /// What the answer has cost; at most once, and last.
    Usage(Usage),
}

/// What an answer has cost, as the provider counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Id of the model that answered, as an agent names it.
    pub model: String,
    /// Tokens that were read, those from the provider's cache included.
    pub input_tokens: u64,
    /// Tokens that were written, hidden thoughts included.
    pub output_tokens: u64,
}
