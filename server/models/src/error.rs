use std::time::Duration;

use crate::asked::Asked;

/// Longest `detail`, in characters.
const DETAIL_CHARS: usize = 400;

/// Why there is no answer, or no whole one.
///
/// It never contains a key: providers' own words are searched for it before they get here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{}{detail}", self.reason(), if detail.is_empty() { "" } else { " Said: " })]
pub struct LlmError {
    /// Decides whether asking again is of use, and what the owner is told.
    pub kind: LlmErrorKind,
    /// Who was asked; `None` if no provider was involved.
    pub provider: Option<Asked>,
    /// How long the provider asked to be left alone.
    pub retry_after: Option<Duration>,
    /// The provider's or the network's own words, cut to a sane length, for the log. May be empty.
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

    /// What happened and what to do about it, in plain words for the owner in the console.
    pub fn reason(&self) -> String {
        let asked = self.provider.as_ref();
        let name = asked.map_or("The model", |asked| asked.name.as_str());
        let key = asked.map_or("the key".to_owned(), Asked::key);
        let base = asked.map_or("the address".to_owned(), Asked::address);
        match self.kind {
            LlmErrorKind::KeyMissing => format!(
                "This server has no key for {name}. Add a provider on the page Models, set {key}, or give the agent another model."
            ),
            LlmErrorKind::KeyUnreadable => format!(
                "The key of {name} was sealed with another server key and cannot be read. Enter it again on the page Models."
            ),
            LlmErrorKind::ProviderGone => {
                "The model belongs to a provider that was deleted. Choose another model.".to_owned()
            }
            LlmErrorKind::ProviderUnknown => format!(
                "{name} was set up with another version of the server, and this one does not know its protocol. Start the newer version, or choose another model."
            ),
            LlmErrorKind::PrivateAddress => format!(
                "The address of {name} is a private one, and this server calls only those that its configuration names. Whoever runs the server can allow it by setting CAVUER_OPENAI_BASE_URL to this address."
            ),
            LlmErrorKind::Unreachable => format!(
                "{name} could not be reached. Check the server's network and {base}."
            ),
            LlmErrorKind::TimedOut => format!(
                "{name} took too long to answer. If this keeps happening, choose a faster model."
            ),
            LlmErrorKind::CutOff => format!(
                "The connection to {name} broke in the middle of the answer. Check the server's network if this keeps happening."
            ),
            LlmErrorKind::Unauthorised => format!("{name} refused the key. Check {key}."),
            LlmErrorKind::Forbidden => format!(
                "{name} does not let this key use this model. Check its plan, region and permissions at the provider, or choose another model."
            ),
            LlmErrorKind::OutOfCredit => format!(
                "The {name} account has no credit left. Add credit or raise its limit at the provider."
            ),
            LlmErrorKind::ModelUnknown => format!(
                "{name} does not know this model, or the key may not use it. Check the model's name, or choose another model."
            ),
            LlmErrorKind::RateLimited => format!(
                "{name} limits how often this key may ask. Wait, or raise the limit at the provider."
            ),
            LlmErrorKind::Overloaded => format!(
                "{name} is overloaded or has a fault of its own. Nothing needs changing here; try again later."
            ),
            LlmErrorKind::ContextTooLong => "The conversation, instruction and passages together are too long for this model. Shorten the instruction, lower the number of passages, or choose a model that reads more.".to_owned(),
            LlmErrorKind::Refused => format!(
                "{name} declined to answer this question. Reword the agent's instruction if it should be answered."
            ),
            LlmErrorKind::Empty => format!(
                "{name} sent an empty answer. If this keeps happening, choose another model."
            ),
            LlmErrorKind::Malformed => format!(
                "{name} sent something that is not an answer. Check that {base} points at its API."
            ),
            LlmErrorKind::Rejected(status) => format!(
                "{name} rejected the request with status {status}. Check {base} and the model's name."
            ),
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
        assert_eq!(refused.reason(), "OpenAI refused the key. Check CAVUER_OPENAI_API_KEY.");
        let missing = LlmError::new(
            LlmErrorKind::KeyMissing,
            Some(Asked::environment("Anthropic", "CAVUER_ANTHROPIC")),
        );
        assert!(missing.reason().contains("page Models"), "{}", missing.reason());
        let own = LlmError::new(LlmErrorKind::Unauthorised, Some(Asked::console("Our Ollama")));
        assert_eq!(own.reason(), "Our Ollama refused the key. Check its key on the page Models.");
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
