//! Which providers did not answer lately.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use cavuer_protocol::console::ProviderFailure;
use cavuer_protocol::{Notice, Timestamp};

/// The newest failure of each provider, by the first part of its model ids; gone after a restart.
#[derive(Default)]
pub(crate) struct ProviderFailures(Mutex<HashMap<String, ProviderFailure>>);

impl ProviderFailures {
    /// Notes that a model did not answer.
    pub(crate) fn note(&self, model: &str, at: Timestamp, reason: Notice) {
        self.lock().insert(prefix(model).to_owned(), ProviderFailure::new(at, reason));
    }

    /// Forgets the failure, because the provider has answered.
    pub(crate) fn clear(&self, model: &str) {
        self.lock().remove(prefix(model));
    }

    pub(crate) fn of(&self, prefix: &str) -> Option<ProviderFailure> {
        self.lock().get(prefix).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, ProviderFailure>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The part of a model's id that names its provider.
pub(crate) fn prefix(model: &str) -> &str {
    model.split_once('/').map_or(model, |(prefix, _)| prefix)
}

#[cfg(test)]
mod tests {
    use cavuer_protocol::notice::verbatim;

    use super::*;

    #[test]
    fn failures_last_until_the_next_answer() {
        let failures = ProviderFailures::default();
        failures.note("openai/gpt-5", Timestamp(1), verbatim("first"));
        failures.note("openai/o3", Timestamp(2), verbatim("second"));
        assert_eq!(failures.of("openai").unwrap().reason, "second");
        assert_eq!(failures.of("anthropic"), None);
        failures.clear("openai/gpt-5");
        assert_eq!(failures.of("openai"), None);
    }
}
