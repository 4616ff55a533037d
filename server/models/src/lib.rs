//! Language models: what an agent asks, and who can answer.
//!
//! [`Models`] turns a model id of an agent into something that implements [`Llm`]: a provider
//! over the network, or the built-in answerer, which quotes articles and needs neither key nor
//! network. Whoever asks sees the same stream of pieces either way.
//!
//! The rooms, each of which knows only those before it: [`outbound`] is the one way out; `error`
//! and `asked` say in words why there is no answer; `prompt` is what is asked; `answers` what
//! comes of it; [`protocols`] are the providers' wire formats, a file each; `providers` is what
//! all providers have in common; `builtin` is the answerer without a model; `models` knows who
//! there is.
//!
//! Why the wire formats are written here and not taken from a crate of many providers is told,
//! with the figures, in `docs/src/decisions/0036-protocols-counted-again.md`.
//!
//! Invariant: only [`protocols`] knows a provider's wire format, and nothing here knows the
//! database, or HTTP as a server.

mod answers;
mod asked;
mod builtin;
mod error;
mod exam;
mod models;
pub mod outbound;
mod prompt;
pub mod protocols;
mod providers;

pub use answers::{Llm, Piece, Usage};
pub use asked::Asked;
pub use builtin::BuiltIn;
pub use error::{LlmError, LlmErrorKind};
pub use exam::examine;
pub use models::{
    BUILT_IN_MODEL, Environment, LlmConfig, ModelId, Models, WorkspaceModels, is_name,
};
pub use prompt::{
    AnsweredCall, BrokenArguments, Composed, Enclosed, HAND_OVER_TOOL, Image, PastMessage, Prompt,
    PromptPassage, Role, Tool, ToolCall, ToolChoice, ToolRound, compose,
};
pub use protocols::{Heard, Protocol, Recording, TextRole};
pub use providers::{
    Embedder, MAX_ANSWER_CHARS, MAX_DIMENSIONS, MAX_TEXTS, ProviderClient, ProviderConfig,
    ProviderModel, Timeouts,
};
