use std::time::Duration;

use cavuer_protocol::notice::{self, Notice, NoticeValue};

use crate::asked::Asked;

/// Longest `detail`, in characters.
const DETAIL_CHARS: usize = 400;

/// Why there is no answer, or no whole one.
///
/// It never contains a key: providers' own words are searched for it before they get here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{}{detail}", self.reason().english(), if detail.is_empty() { "" } else { " Said: " })]
pub struct LlmError {
    /// Decides whether asking again is of use, and what the owner is told.
    pub kind: LlmErrorKind,
    /// Who was asked; `None` if no provider was involved.
    pub provider: Option<Asked>,
    /// How long the provider asked to be left alone.
    pub retry_after: Option<Duration>,
    /// The provider's or the network's own words, cut to a sane length: for the log, and for an
    /// owner who tries it. May be empty.
    pub detail: String,
}

/// What kind of failure it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LlmErrorKind {
    /// This server has no key for the provider.
    KeyMissing,
    /// No connection.
    Unreachable,
    /// Connected, but one of the [`crate::Timeouts`] ran out.
    TimedOut,
    /// The answer broke off before its end.
    CutOff,
    /// The provider's key cannot be read, because this server's own key is another one.
    KeyUnreadable,
    /// The workspace has deleted the provider.
    ProviderGone,
    /// The provider is of a kind that this version of the server does not know.
    ProviderUnknown,
    /// The address is a private one that the server's configuration does not name.
    PrivateAddress,
    /// The provider does not accept the key.
    Unauthorised,
    /// The provider accepts the key, but not for this: model, region or plan.
    Forbidden,
    /// The account behind the key has no credit left.
    OutOfCredit,
    /// The provider, or this server, does not know the model.
    ModelUnknown,
    /// Too many requests for now.
    RateLimited,
    /// The provider has trouble of its own.
    Overloaded,
    /// Conversation, instruction and passages are more than the model can read.
    ContextTooLong,
    /// The model or the provider's filter declined to answer.
    Refused,
    /// The answer ended without a visible character.
    Empty,
    /// The answer was not what the protocol says.
    Malformed,
    /// Any other HTTP status.
    Rejected(u16),
}

impl LlmError {
    /// An error without a provider's own words.
    pub fn new(kind: LlmErrorKind, provider: Option<Asked>) -> Self {
        Self { kind, provider, retry_after: None, detail: String::new() }
    }

    /// The same error with the provider's or the network's own words, on one line and cut.
    pub fn with_detail(mut self, detail: &str) -> Self {
        let one_line = detail.split_whitespace().collect::<Vec<_>>().join(" ");
        self.detail = one_line.chars().take(DETAIL_CHARS).collect();
        self
    }

    /// Whether the same request may succeed a little later.
    pub fn is_transient(&self) -> bool {
        match self.kind {
            LlmErrorKind::Unreachable
            | LlmErrorKind::TimedOut
            | LlmErrorKind::CutOff
            | LlmErrorKind::RateLimited
            | LlmErrorKind::Overloaded
            | LlmErrorKind::Empty
            | LlmErrorKind::Malformed => true,
            LlmErrorKind::Rejected(status) => status >= 500,
            LlmErrorKind::KeyMissing
            | LlmErrorKind::KeyUnreadable
            | LlmErrorKind::ProviderGone
            | LlmErrorKind::ProviderUnknown
            | LlmErrorKind::PrivateAddress
            | LlmErrorKind::Unauthorised
            | LlmErrorKind::Forbidden
            | LlmErrorKind::OutOfCredit
            | LlmErrorKind::ModelUnknown
            | LlmErrorKind::ContextTooLong
            | LlmErrorKind::Refused => false,
        }
    }

    /// What happened and what to do about it, for the owner in the console.
    pub fn reason(&self) -> Notice {
        let asked = self.provider.as_ref();
        let name =
            asked.map_or_else(|| notice::the_model().into(), |asked| asked.name.clone().into());
        let name: NoticeValue = name;
        let key = || asked.map_or_else(|| notice::the_key().into(), Asked::key);
        let base = || asked.map_or_else(|| notice::the_address().into(), Asked::address);
        match self.kind {
            LlmErrorKind::KeyMissing => notice::model_key_missing(name, key()),
            LlmErrorKind::KeyUnreadable => notice::model_key_unreadable(name),
            LlmErrorKind::ProviderGone => notice::model_provider_gone(),
            LlmErrorKind::ProviderUnknown => notice::model_provider_unknown(name),
            LlmErrorKind::PrivateAddress => notice::model_address_private(name),
            LlmErrorKind::Unreachable => notice::model_unreachable(name, base()),
            LlmErrorKind::TimedOut => notice::model_too_slow(name),
            LlmErrorKind::CutOff => notice::model_cut_off(name),
            LlmErrorKind::Unauthorised => notice::model_key_refused(name, key()),
            LlmErrorKind::Forbidden => notice::model_forbidden(name),
            LlmErrorKind::OutOfCredit => notice::model_out_of_credit(name),
            LlmErrorKind::ModelUnknown => notice::model_unknown(name),
            LlmErrorKind::RateLimited => notice::model_rate_limited(name),
            LlmErrorKind::Overloaded => notice::model_overloaded(name),
            LlmErrorKind::ContextTooLong => notice::model_context_too_long(),
            LlmErrorKind::Refused => notice::model_declined(name),
            LlmErrorKind::Empty => notice::model_answer_empty(name),
            LlmErrorKind::Malformed => notice::model_answer_malformed(name, base()),
            LlmErrorKind::Rejected(status) => notice::model_rejected(name, status, base()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_name_the_remedy() {
        let refused = LlmError::new(
            LlmErrorKind::Unauthorised,
            Some(Asked::environment("OpenAI", "CAVUER_OPENAI")),
        );
        assert_eq!(
            refused.reason().english(),
            "OpenAI refused the key. Check CAVUER_OPENAI_API_KEY."
        );
        let missing = LlmError::new(
            LlmErrorKind::KeyMissing,
            Some(Asked::environment("Anthropic", "CAVUER_ANTHROPIC")),
        );
        let told = missing.reason().english();
        assert!(told.contains("page Models"), "{told}");
        let own = LlmError::new(LlmErrorKind::Unauthorised, Some(Asked::console("Our Ollama")));
        assert_eq!(
            own.reason().english(),
            "Our Ollama refused the key. Check its key on the page Models."
        );
    }

    #[test]
    fn details_are_one_short_line() {
        let error = LlmError::new(LlmErrorKind::Malformed, None)
            .with_detail(&format!("a\r\nb\t{}", "c".repeat(1000)));
        assert!(error.detail.starts_with("a b ccc"));
        assert_eq!(error.detail.chars().count(), DETAIL_CHARS);
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        let transient = |kind| LlmError::new(kind, None).is_transient();
        assert!(transient(LlmErrorKind::RateLimited));
        assert!(transient(LlmErrorKind::Rejected(502)));
        assert!(!transient(LlmErrorKind::Rejected(400)));
        assert!(!transient(LlmErrorKind::Unauthorised));
    }
}
