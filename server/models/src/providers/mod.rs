//! Providers over the network: what all of them have in common, whatever their protocol. Requests
//! and their limits, answers under way, lists of models, vectors of texts, text of speech.

mod answer;
mod catalogue;
mod embeddings;
mod exchange;
mod provider;
mod transcription;

pub use embeddings::{Embedder, MAX_DIMENSIONS, MAX_TEXTS};
pub use provider::{MAX_ANSWER_CHARS, ProviderClient, ProviderConfig, ProviderModel, Timeouts};
