//! Models that agents can be given.

use serde::{Deserialize, Serialize};

use crate::Notice;

/// A language model that an agent can be given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModelInfo {
    /// `built-in`, or `{provider}/{the provider's name for it}`, where the provider is `openai` or
    /// `anthropic` for the server's own, and else a provider's id.
    pub id: String,
    /// What people know it by, with its provider's name where the workspace set that up.
    pub label: String,
    /// `label` by its code, if it is more than names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_notice: Option<Notice>,
    /// What it is good for, in plain words.
    pub note: String,
    /// `note` by its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
    /// Whether this server has what it needs (a key) to use it.
    pub available: bool,
}

/// A model that makes voice messages into text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SpeechModel {
    /// As [`ModelInfo::id`].
    pub id: String,
    /// The provider's name for it, and the name of the provider.
    pub label: String,
}
