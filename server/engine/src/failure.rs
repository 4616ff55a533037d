//! What is said of a model that did not do what it was asked.

use cavuer_models::LlmError;
use cavuer_protocol::notice::{self, Notice};

/// Why a model did not do what it was asked, with the provider's own words, for somebody who tries
/// it.
pub(crate) fn told_with_words(error: &LlmError) -> Notice {
    match error.detail.as_str() {
        "" => error.reason(),
        said => notice::provider_said(error.reason(), said),
    }
}
