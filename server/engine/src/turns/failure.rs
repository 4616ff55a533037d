use std::time::Duration;

use cavuer_models::LlmError;
use cavuer_protocol::notice::{self, Notice};
use cavuer_store::StoreError;

/// Why an attempt brought no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error(transparent)]
    Llm(#[from] LlmError),
    /// Neither the agent's model nor its fallback answered.
    #[error("{model} The fallback: {fallback}")]
    Both { model: LlmError, fallback: LlmError },
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("a voice message was not understood: {0}")]
    Unheard(#[from] Unheard),
    #[error("the model recited the agent's instruction")]
    Recited,
    #[error("the server ended in the middle of every attempt")]
    Interrupted,
}

/// Why there is no text of a voice message.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unheard {
    #[error("no model at hand makes speech into text")]
    NoModel,
    #[error("nothing is said in it")]
    Silent,
    #[error(transparent)]
    Model(LlmError),
}

impl Unheard {
    /// For the owner, in the console.
    fn reason(&self) -> Notice {
        match self {
            Self::NoModel => notice::voice_without_model(),
            Self::Silent => notice::voice_silent(),
            Self::Model(error) => notice::voice_failed(error.reason()),
        }
    }
}

impl Failure {
    /// Whether the same question may be answered a little later.
    pub(super) fn is_transient(&self) -> bool {
        match self {
            Self::Llm(error) => error.is_transient(),
            Self::Both { model, fallback } => model.is_transient() || fallback.is_transient(),
            Self::Unheard(Unheard::Model(error)) => error.is_transient(),
            Self::Store(error) => error.is_unavailable(),
            Self::Unheard(_) | Self::Recited | Self::Interrupted => false,
        }
    }

    /// How long a provider asked to be left alone; of two, the one that comes back first.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Llm(error) | Self::Unheard(Unheard::Model(error)) => error.retry_after,
            Self::Both { model, fallback } => {
                let asked = |error: &LlmError| {
                    error.is_transient().then(|| error.retry_after.unwrap_or_default())
                };
                [asked(model), asked(fallback)].into_iter().flatten().min()
            }
            Self::Unheard(_) | Self::Store(_) | Self::Recited | Self::Interrupted => None,
        }
    }

    /// For the owner, in the console.
    pub(super) fn reason(&self) -> Notice {
        match self {
            Self::Llm(error) => error.reason(),
            Self::Both { model, fallback } => {
                notice::fallback_failed_too(model.reason(), fallback.reason())
            }
            Self::Unheard(unheard) => unheard.reason(),
            Self::Store(_) => notice::database_unreadable(),
            Self::Recited => notice::instruction_recited(),
            Self::Interrupted => notice::answer_interrupted(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cavuer_models::LlmErrorKind;

    fn both(model: LlmError, fallback: LlmError) -> Failure {
        Failure::Both { model, fallback }
    }

    fn error(kind: LlmErrorKind, seconds: Option<u64>) -> LlmError {
        LlmError { retry_after: seconds.map(Duration::from_secs), ..LlmError::new(kind, None) }
    }

    #[test]
    fn of_two_failures_the_one_that_passes_first_counts() {
        let limited = |seconds| error(LlmErrorKind::RateLimited, seconds);
        let refused = || error(LlmErrorKind::Unauthorised, None);
        assert!(both(limited(None), refused()).is_transient());
        assert!(both(refused(), limited(None)).is_transient());
        assert!(!both(refused(), refused()).is_transient());
        let seconds = Some(Duration::from_secs(3));
        assert_eq!(both(limited(Some(9)), limited(Some(3))).retry_after(), seconds);
        // A refused key does not pass with time, so it does not shorten the pause.
        assert_eq!(both(limited(Some(3)), refused()).retry_after(), seconds);
    }
}
