use cavuer_protocol::Timestamp;

use super::spending::Spending;
use super::{Ledger, prices};
use cavuer_models::{BUILT_IN_MODEL, Prompt, Usage};
use cavuer_store::Measured;

/// Measures one attempt at an answer.
pub(crate) struct AnswerMeasure {
    started: Timestamp,
    first_words: Option<Timestamp>,
    /// The model that was asked last.
    model: String,
    /// Of all rounds together, with the model of the last one; `None` if none told.
    usage: Option<Usage>,
    spending: Spending,
}

impl AnswerMeasure {
    pub(crate) fn start(ledger: &Ledger, spending: Spending) -> Self {
        let (first_words, model, usage) = (None, String::new(), None);
        Self { started: ledger.clock.now(), first_words, model, usage, spending }
    }

    /// Notes which model is asked now.
    pub(crate) fn asks(&mut self, model: &str) {
        model.clone_into(&mut self.model);
    }

    /// Notes that the model is sent this now.
    pub(crate) fn sends(&self, prompt: &Prompt) {
        self.spending.begin(&self.model, prompt);
    }

    /// Notes that the model has said all, whether or not it was counted.
    pub(crate) fn ends(&self) {
        self.spending.end();
    }

    /// Notes that there are words for the visitor; for the time only the first ones count.
    pub(crate) fn saw_words(&mut self, ledger: &Ledger, words: &str) {
        self.spending.hear(words);
        if self.first_words.is_none() {
            let now = ledger.clock.now();
            self.first_words = Some(now);
            let millis = now.millis_since(self.started);
            ledger.metrics.first_token_seconds.observe(millis as f64 / 1_000.0);
        }
    }

    /// The words so far were taken back: the visitor waits for the first ones again.
    pub(crate) fn forget_words(&mut self) {
        self.first_words = None;
    }

    /// Adds what one call of a model cost.
    pub(crate) fn add(&mut self, ledger: &Ledger, usage: Usage) {
        self.spending.count(&usage);
        ledger.metrics.model_tokens_read.inc_by(usage.input_tokens);
        ledger.metrics.model_tokens_written.inc_by(usage.output_tokens);
        let before = self.usage.take().unwrap_or_default();
        self.usage = Some(Usage {
            input_tokens: before.input_tokens + usage.input_tokens,
            output_tokens: before.output_tokens + usage.output_tokens,
            ..usage
        });
    }

    /// What the attempt took until now.
    pub(crate) fn read(&self, ledger: &Ledger) -> Measured {
        let now = ledger.clock.now();
        let millis = |at: Timestamp| at.millis_since(self.started).unsigned_abs();
        let tokens = self.usage.as_ref().map(|usage| (usage.input_tokens, usage.output_tokens));
        let model = match &self.usage {
            Some(usage) if !usage.model.is_empty() => usage.model.clone(),
            _ => self.model.clone(),
        };
        let priced = tokens.or((self.model == BUILT_IN_MODEL).then_some((0, 0)));
        let cost = priced.and_then(|(read, written)| prices::cost_micros(&model, read, written));
        Measured {
            cost_micros: cost.map(bounded),
            input_tokens: tokens.map(|(read, _)| bounded(read)),
            output_tokens: tokens.map(|(_, written)| bounded(written)),
            first_token_millis: bounded(millis(self.first_words.unwrap_or(now))),
            total_millis: bounded(millis(now)),
            model,
        }
    }
}

/// No answer comes near the bound, whatever a provider tells.
fn bounded(number: u64) -> u32 {
    number.try_into().unwrap_or(u32::MAX)
}
