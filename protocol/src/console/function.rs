//! Functions: requests that an agent's model may ask for, and what came of them.

use serde::{Deserialize, Serialize};

use crate::values::{CallState, FunctionMethod};
use crate::{CallId, FunctionId, Secret, Timestamp};

/// A function of an agent. The values of its headers are never shown again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Function {
    pub id: FunctionId,
    /// Up to 64 letters, digits, `_` and `-`; one function of an agent has it.
    pub name: String,
    /// When to call it and what it does, for the model.
    pub description: String,
    /// JSON Schema of the arguments, as JSON text; its type is `object`.
    pub parameters: String,
    pub method: FunctionMethod,
    /// With `{placeholders}` in path and query, each of them an argument.
    pub address: String,
    /// Names of the headers that are sent along.
    pub headers: Vec<String>,
    pub timeout_seconds: u32,
    pub enabled: bool,
}

/// A new function, or all of an old one. The fields are those of [`Function`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SaveFunction {
    pub name: String,
    pub description: String,
    pub parameters: String,
    pub method: FunctionMethod,
    pub address: String,
    pub headers: Vec<SaveHeader>,
    pub timeout_seconds: u32,
    pub enabled: bool,
}

/// A header that is sent along.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SaveHeader {
    pub name: String,
    /// `None` keeps the value that is stored under this name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub value: Option<Secret>,
}

/// Arguments for a trial, as JSON text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TryFunction {
    pub arguments: String,
}

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FunctionResult {
    /// Whether it counts as a success for the model.
    pub ok: bool,
    /// As the model would be told.
    pub text: String,
    pub millis: u64,
}

/// A function as a channel sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChannelFunction {
    pub id: FunctionId,
    pub name: String,
    /// Whether the agent may use it in this channel; so it is unless somebody says otherwise.
    pub allowed: bool,
}

/// The functions that a channel may not use; all others it may.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ForbidFunctions {
    pub forbidden: Vec<FunctionId>,
}

/// A call that an agent's model asked for. Visitors never see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FunctionCall {
    pub id: CallId,
    pub name: String,
    /// As the model wrote them: meant to be a JSON object.
    pub arguments: String,
    pub state: CallState,
    /// What the function gave back, or what went wrong; empty while it runs.
    pub result: String,
    /// It stands after the message with this `seq`.
    pub after: i64,
    pub began_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}
