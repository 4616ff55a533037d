//! Search by meaning: a model compares what questions and passages mean.

use serde::{Deserialize, Serialize};

use crate::{Notice, Timestamp};

/// How search by meaning stands in a workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MeaningSearch {
    /// As agents name models: the provider's prefix, a slash, and the provider's name for the
    /// model. `None` if passages are found by their words alone.
    pub model: Option<String>,
    /// Passages of the workspace.
    pub passages: u32,
    /// How many of them are prepared. Until most are, passages are found by their words.
    pub prepared: u32,
    /// The languages that the model turned out to know, as BCP 47 tags; questions in others are
    /// searched by their words.
    pub languages: Vec<String>,
    /// Whether it is used, and if not, why.
    pub state: MeaningState,
}

/// What search by meaning is doing, or why it does nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum MeaningState {
    /// No model is chosen.
    #[default]
    Off,
    /// Passages without a vector are left, or the model has not taken its exam yet.
    Preparing,
    /// Every passage has a vector, and the model knows at least one language.
    Ready,
    /// The model knows none of the languages that it was tried in, so it is not used.
    Useless,
    /// The provider does not answer; it is asked again after a pause.
    Failing {
        /// When it failed last; the present moment if its provider is gone.
        at: Timestamp,
        /// What happened and what to do about it, in plain words.
        reason: String,
        /// `reason` by its code.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        notice: Option<Notice>,
    },
}

impl MeaningState {
    /// [`MeaningState::Failing`] with the reason's English and its code.
    pub fn failing(at: Timestamp, reason: Notice) -> Self {
        let (reason, notice) = reason.told();
        Self::Failing { at, reason, notice }
    }
}

/// The model that a workspace is to be searched with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChooseMeaning {
    /// `None` switches search by meaning off and forgets what was prepared.
    pub model: Option<String>,
}

/// A model that is only tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TryMeaning {
    /// As in [`MeaningSearch::model`].
    pub model: String,
}

/// What came of a trial.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MeaningTried {
    /// Whether the model made vectors and knows at least one language.
    pub works: bool,
    /// What failed and how to mend it, in plain words; empty if it works.
    pub message: String,
    /// `message` by its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
    /// The languages that the model knows, as BCP 47 tags.
    pub languages: Vec<String>,
}

impl MeaningTried {
    /// It works, in these languages.
    pub fn works(languages: Vec<String>) -> Self {
        Self { works: true, message: String::new(), notice: None, languages }
    }

    /// It does not work, or is of no use; no language is named.
    pub fn fails(why: Notice) -> Self {
        let (message, notice) = why.told();
        Self { works: false, message, notice, languages: Vec::new() }
    }
}
