//! The providers' wire formats, each in a file of its own.
//!
//! A format is a [`Protocol`]. What it has to do: say where an answer is asked for and in which
//! words, read the stream of the answer's events into [`Step`]s, read the list of models, say what
//! an error means, and tell people about itself. It may make vectors of texts ([`EmbeddingsFormat`]) and
//! text of speech ([`Transcription`]). It does nothing else: connections, deadlines, limits on
//! what is read, repetition, and everything with secrets are in `providers`, once for all.
//!
//! **To add a provider**, write its file here and its line in [`ALL`]. Nothing else in the
//! program knows which providers there are: the database keeps a kind as the word it is, and the
//! console is told what it needs to know.
//!
//! A provider that speaks OpenAI's format in a way of its own is a file that asks [`openai`] for the
//! rest, as [`azure`] and [`compatible`] do.

pub mod anthropic;
pub mod azure;
pub mod compatible;
pub mod google;
pub mod openai;

mod call;
mod embeddings;
mod failure;
pub(crate) mod families;
mod protocol;
mod reading;
mod takes;
mod transcription;

pub use call::Call;
pub use embeddings::{EmbeddingsFormat, TextRole};
pub use failure::{Failure, retry_after};
pub use protocol::{Facts, Protocol};
pub use reading::{
    Frames, MAX_ARGUMENT_BYTES, MAX_CALLS, MAX_EVENT_BYTES, Reader, Step, Tokens, Unreadable,
};
pub use takes::{Length, Takes};
pub use transcription::{Heard, Recording, Transcription};

/// Every provider that can be set up, in the order in which the console offers them.
pub static ALL: &[&dyn Protocol] = &[
    &openai::OpenAi,
    &anthropic::Anthropic,
    &google::Google,
    &azure::Azure,
    &compatible::Compatible,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_stay_and_are_told_apart() {
        let facts: Vec<_> = ALL.iter().map(|protocol| protocol.facts()).collect();
        // These words stand in databases and in requests.
        for kind in ["openai", "anthropic", "google", "azure", "compatible"] {
            assert!(facts.iter().any(|facts| facts.kind == kind), "{kind} is gone");
        }
        for (index, one) in facts.iter().enumerate() {
            let is_same = |other: &Facts| other.kind == one.kind || other.label == one.label;
            assert!(!facts[..index].iter().any(is_same), "{} is there twice", one.label);
        }
    }

    #[test]
    fn each_has_an_address_or_shows_one() {
        for facts in ALL.iter().map(|protocol| protocol.facts()) {
            let address = facts.usual_url.or(facts.example_url);
            let address = address.and_then(|address| url::Url::parse(address).ok());
            assert!(address.is_some(), "{}", facts.label);
        }
    }
}
