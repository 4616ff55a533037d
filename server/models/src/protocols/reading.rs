//! What the stream of an answer is read into.

use cavuer_protocol::sse::SseDecoder;

use super::failure::Failure;
use crate::error::LlmErrorKind;
use crate::prompt::ToolCall;

/// Most calls of functions that a model can ask for at once.
pub const MAX_CALLS: usize = 32;
/// Longest arguments of one call, in bytes.
pub const MAX_ARGUMENT_BYTES: usize = 64 * 1024;
/// Longest line and longest event, in bytes. Providers send a few hundred bytes per token.
pub const MAX_EVENT_BYTES: usize = 256 * 1024;

/// Cuts a stream into events, wherever its bytes are cut.
pub trait Frames: Send + Sync {
    /// Takes the next bytes; the data of the events that they complete.
    ///
    /// # Errors
    /// [`Unreadable::Malformed`] as soon as an event has more than [`MAX_EVENT_BYTES`], so that
    /// nobody can fill the memory.
    fn push(&mut self, bytes: &[u8]) -> Result<Vec<String>, Unreadable>;
}

/// Reads one answer's events.
pub trait Reader: Send + Sync {
    /// What an event adds to the answer. One of a kind that is not known adds nothing.
    ///
    /// # Errors
    /// If it is not part of an answer. More than [`MAX_CALLS`] calls are none, nor is a call with
    /// more than [`MAX_ARGUMENT_BYTES`] of arguments.
    fn read(&mut self, data: &str) -> Result<Step, Unreadable>;
}

/// What one event of a provider's stream adds to the answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    /// The next words of the answer; empty in most events that carry something else.
    pub text: String,
    /// Calls that are complete.
    pub calls: Vec<ToolCall>,
    /// All that has been counted so far.
    pub tokens: Option<Tokens>,
    /// The model is at work on what cannot be given out: thoughts, or half a call.
    pub working: bool,
    /// The provider's finish mark: the answer is whole, though its cost may follow. An answer that
    /// ends without it was cut off.
    pub finished: bool,
    /// Nothing follows any more.
    pub over: bool,
}

/// Tokens that a provider has counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Tokens read, those that came from the provider's cache included.
    pub input: u64,
    /// Tokens written, thoughts included where the provider counts them.
    pub output: u64,
}

/// Why an event is not part of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is not what the protocol says.
    Malformed,
    /// The provider reports an error in the middle of the stream.
    Failed(Failure),
    /// The provider ended the answer in a way that is not an answer.
    Kind(LlmErrorKind),
}

/// The frames of server-sent events. Only their data counts: an event's name is in it, where it
/// matters.
pub(super) fn sent_events() -> Box<dyn Frames> {
    Box::new(SseDecoder::lossy(MAX_EVENT_BYTES))
}

impl Frames for SseDecoder {
    fn push(&mut self, bytes: &[u8]) -> Result<Vec<String>, Unreadable> {
        let events = Self::push(self, bytes).map_err(|_| Unreadable::Malformed)?;
        Ok(events.into_iter().map(|event| event.data).collect())
    }
}
