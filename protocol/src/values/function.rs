//! How a function is called, and how a call stands.

use serde::{Deserialize, Serialize};

/// The method of a function's request. Arguments without a placeholder go into the query of `get`
/// and `delete`, and into a JSON body otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FunctionMethod {
    /// It only reads: the server may repeat it after a crash.
    #[default]
    Get,
    /// Never repeated by the server: an interrupted call ends as `unknown`.
    Post,
    /// As `post`, though a repeat would do no harm by the rules of HTTP.
    Put,
    /// As `post`.
    Patch,
    /// Never repeated by the server either; its arguments go into the query.
    Delete,
}

/// How a call of a function stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CallState {
    /// Under way.
    Begun,
    /// It was made, and its answer counts as a success.
    Done,
    /// It was made, and failed.
    Failed,
    /// It was not made, because the model asked for it wrongly.
    Refused,
    /// It was interrupted; nobody knows whether it took effect.
    Unknown,
}
