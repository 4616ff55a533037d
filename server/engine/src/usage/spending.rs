use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cavuer_protocol::{AgentId, ChannelId};

use super::{Ledger, prices};
use cavuer_models::{Prompt, Usage};
use cavuer_store::Spent;

/// Bytes of a token, by rule of thumb: four Latin letters, or one sign of Chinese and a little.
const TOKEN_BYTES: usize = 4;

/// What the work on a turn has spent and nobody has booked. It outlives the work, which may be
/// dropped at any moment: an answer that nobody wants any more has still to be paid for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spending(Arc<Mutex<Spendings>>);

#[derive(Debug, Default)]
struct Spendings {
    /// Of the answer in the making; booked with it.
    answer: Vec<Spent>,
    /// The call of a model that is under way.
    call: Option<Call>,
    /// What is no part of an answer.
    other: Vec<Spent>,
}

/// A call of which nobody has said what it costs.
#[derive(Debug)]
struct Call {
    model: String,
    read_bytes: usize,
    written_bytes: usize,
}

impl Spending {
    /// A model is asked now.
    pub(crate) fn begin(&self, model: &str, prompt: &Prompt) {
        let mut spendings = self.lock();
        spendings.break_off();
        let (model, read_bytes) = (model.to_owned(), prompt.bytes());
        spendings.call = Some(Call { model, read_bytes, written_bytes: 0 });
    }

    /// The model says something.
    pub(crate) fn hear(&self, words: &str) {
        if let Some(call) = &mut self.lock().call {
            call.written_bytes += words.len();
        }
    }

    /// The provider says what the call has cost.
    pub(crate) fn count(&self, usage: &Usage) {
        let mut spendings = self.lock();
        spendings.call = None;
        let spent = priced(&usage.model, usage.input_tokens, usage.output_tokens);
        spendings.answer.push(spent);
    }

    /// The call is over. Where the provider did not count, nobody does.
    pub(crate) fn end(&self) {
        self.lock().call = None;
    }

    /// Adds what is no part of an answer.
    pub(crate) fn spend(&self, spent: Spent) {
        self.lock().other.push(spent);
    }

    /// The answer is stored, with what it took.
    pub(crate) fn answered(&self) {
        self.lock().answer.clear();
    }

    /// Books everything that is not booked. A store that fails loses it: no answer waits for that.
    pub(crate) async fn book(&self, ledger: &Ledger, channel: ChannelId, agent: AgentId) {
        let spent = self.lock().take();
        if spent.is_empty() {
            return;
        }
        if let Err(error) =
            ledger.store.add_spendings(channel, agent, spent, ledger.clock.now()).await
        {
            tracing::error!(%agent, %error, "what was spent without an answer is not counted");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Spendings> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Spendings {
    /// A call that nobody follows to its end, where providers tell what it costs: what went to and
    /// fro is known, and stands for it. One that brought no word was most likely refused.
    fn break_off(&mut self) {
        let Some(Call { model, read_bytes, written_bytes }) = self.call.take() else { return };
        if written_bytes > 0 {
            let tokens = |bytes: usize| bytes.div_ceil(TOKEN_BYTES) as u64;
            self.answer.push(priced(&model, tokens(read_bytes), tokens(written_bytes)));
        }
    }

    fn take(&mut self) -> Vec<Spent> {
        self.break_off();
        let mut spent = mem::take(&mut self.answer);
        spent.append(&mut self.other);
        spent
    }
}

fn priced(model: &str, read: u64, written: u64) -> Spent {
    let bounded = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    Spent {
        model: model.to_owned(),
        input_tokens: bounded(read),
        output_tokens: bounded(written),
        cost_micros: prices::cost_micros(model, read, written).map(bounded),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(spending: &Spending) {
        let prompt = Prompt { question: "q".repeat(80), ..Prompt::default() };
        spending.begin("openai/test", &prompt);
    }

    fn tokens(spending: &Spending) -> Vec<(u32, u32)> {
        let spent = spending.lock().take();
        spent.into_iter().map(|spent| (spent.input_tokens, spent.output_tokens)).collect()
    }

    #[test]
    fn what_is_cut_short_costs_what_went_to_and_fro() {
        let spending = Spending::default();
        asked(&spending);
        assert_eq!(tokens(&spending), [], "not a word came");
        asked(&spending);
        spending.hear("twelve bytes");
        asked(&spending);
        assert_eq!(tokens(&spending), [(20, 3)]);
    }

    #[test]
    fn what_a_provider_counts_counts_once() {
        let spending = Spending::default();
        let usage = Usage { model: "openai/test".to_owned(), input_tokens: 7, output_tokens: 2 };
        asked(&spending);
        spending.hear("Hello");
        spending.count(&usage);
        spending.end();
        spending.spend(priced("openai/whisper-1", 5, 1));
        assert_eq!(tokens(&spending), [(7, 2), (5, 1)]);
        // With an answer, its part is booked.
        spending.count(&usage);
        spending.spend(priced("openai/whisper-1", 5, 1));
        spending.answered();
        assert_eq!(tokens(&spending), [(5, 1)]);
        // A whole answer that nobody counted is not guessed.
        asked(&spending);
        spending.hear("Hello");
        spending.end();
        assert_eq!(tokens(&spending), []);
    }
}
