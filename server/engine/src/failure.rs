//! What is said of a model that did not do what it was asked.

use cavuer_models::LlmError;
use cavuer_protocol::notice::{self, Notice};

/// What happened and what to do about it, for the owner.
pub(crate) fn reason(error: &LlmError) -> Notice {
    error.reason()
}

/// The same with the provider's own words, for somebody who tries it.
pub(crate) fn told_with_words(error: &LlmError) -> Notice {
    match error.detail.as_str() {
        "" => reason(error),
        said => notice::provider_said(reason(error), said),
    }
}
