//! The answer as it grows.

use cavuer_models::Prompt;
use cavuer_protocol::Notice;
use cavuer_protocol::console::AgentSettings;
use cavuer_store::Said;
use cavuer_text::retrieval::Found;

use super::prompt_leak::PromptLeakGuard;
use super::sources::{fingerprint, sources};
use crate::usage::{AnswerMeasure, Ledger, Spending};

/// Between what was said before a function was called and what is said after.
pub(super) const GAP: &str = "\n\n";

/// The answer as it grows, over all its rounds.
pub(super) struct Draft {
    pub text: String,
    /// How much of it clients have been sent, in bytes.
    pub(super) sent: usize,
    /// The passages that it is from, by their places in the prompt.
    pub cited: Vec<usize>,
    /// What it has of the agent's instruction.
    pub(super) leak: PromptLeakGuard,
    pub measure: AnswerMeasure,
    /// What a model was asked last.
    pub asked: Option<Prompt>,
    /// Why the agent's own model did not answer, if its fallback was asked.
    pub fell_back: Option<Notice>,
}

/// How far a draft has come.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// Bytes of its text.
    said: usize,
    cited: usize,
}

impl Draft {
    /// An answer in which nothing is said yet; the time that it takes begins now.
    pub(super) fn begin(ledger: &Ledger, agent: &AgentSettings, spending: Spending) -> Self {
        Self {
            text: String::new(),
            sent: 0,
            cited: Vec::new(),
            leak: PromptLeakGuard::of(&agent.instruction),
            measure: AnswerMeasure::start(ledger, spending),
            asked: None,
            fell_back: None,
        }
    }

    /// Adds what an earlier attempt said, and which of the passages that were found now it was
    /// from. One that has changed since is not known any more.
    pub(super) fn say(&mut self, said: &str, found: &[Found], cited: &[String]) {
        let is_cited = |found: &Found| cited.contains(&fingerprint(found));
        self.cited.extend((0..found.len()).filter(|place| is_cited(&found[*place])));
        if !self.text.is_empty() && !said.is_empty() {
            self.text.push_str(GAP);
        }
        self.text.push_str(said);
        self.leak.follow(said);
    }

    /// How far it has come.
    pub(super) fn place(&self) -> Place {
        Place { said: self.text.len(), cited: self.cited.len() }
    }

    /// The passages that were named after a place, as [`Draft::say`] knows them again.
    pub(super) fn cited_since(&self, place: Place, found: &[Found]) -> Vec<String> {
        let cited = self.cited[place.cited..].iter().filter_map(|place| found.get(*place));
        cited.map(fingerprint).collect()
    }

    /// Whether anything came after a place.
    pub(super) fn is_past(&self, place: Place) -> bool {
        self.text.len() > place.said || self.cited.len() > place.cited
    }

    /// Takes back what came after a place. Clients begin the draft anew.
    pub(super) fn rewind(&mut self, place: Place) {
        self.text.truncate(place.said);
        self.cited.truncate(place.cited);
        self.sent = 0;
        if place.said == 0 {
            self.measure.forget_words();
        }
    }

    /// What is said, with its sources among the passages that were found.
    pub(super) fn said(&self, found: &[Found], question: &str) -> Said {
        let sources = sources(found, &self.cited, question, &self.text);
        Said { text: self.text.clone(), sources }
    }
}
