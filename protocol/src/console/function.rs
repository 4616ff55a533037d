//! Functions: requests that an agent's model may ask for, and what came of them.

use serde::{Deserialize, Serialize};

use crate::values::{CallState, FunctionMethod};
use crate::{CallId, FunctionId, Secret, Timestamp};

/// A function of an agent. The values of its headers are never shown again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Function {
    /// Made by the server; channels forbid functions by it.
    pub id: FunctionId,
    /// Up to 64 letters, digits, `_` and `-`; one function of an agent has it.
    pub name: String,
    /// When to call it and what it does, for the model.
    pub description: String,
    /// JSON Schema of the arguments, as JSON text; its type is `object`.
    pub parameters: String,
    /// Says also where arguments without a placeholder go.
    pub method: FunctionMethod,
    /// With `{placeholders}` in path and query, each of them an argument.
    pub address: String,
    /// Names of the headers that are sent along.
    pub headers: Vec<String>,
    /// How long a whole answer may take; a call that takes longer counts as failed.
    pub timeout_seconds: u32,
    /// Whether models are told of it at all, in any channel and in the playground.
    pub enabled: bool,
}

/// A new function, or all of an old one. The fields are those of [`Function`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SaveFunction {
    /// At most [`crate::limits::FUNCTION_NAME_CHARS`] characters, and not the name of the server's
    /// own function for handing over.
    pub name: String,
    /// Not empty; at most [`crate::limits::FUNCTION_DESCRIPTION_CHARS`] characters.
    pub description: String,
    /// At most [`crate::limits::FUNCTION_PARAMETERS_BYTES`] bytes; it may refer to its own parts
    /// only.
    pub parameters: String,
    /// Also decides whether arguments go into the query or into a body.
    pub method: FunctionMethod,
    /// `http` or `https`, with no placeholder in the host; at most
    /// [`crate::limits::FUNCTION_ADDRESS_CHARS`] characters.
    pub address: String,
    /// At most [`crate::limits::FUNCTION_HEADERS`], each name once. Those that are left out are
    /// gone.
    pub headers: Vec<SaveHeader>,
    /// Within [`crate::limits::FUNCTION_TIMEOUT_SECONDS`].
    pub timeout_seconds: u32,
    /// Whether models are told of it.
    pub enabled: bool,
}

/// A header that is sent along.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SaveHeader {
    /// In either letter case; none that belongs to the connection, such as `host` or
    /// `content-type`.
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
    /// A JSON object that fits the function's schema.
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
    /// How long the request took, in milliseconds.
    pub millis: u64,
}

/// A function as a channel sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChannelFunction {
    /// One of the functions of the channel's agent.
    pub id: FunctionId,
    /// As [`Function::name`].
    pub name: String,
    /// Whether the agent may use it in this channel; so it is unless somebody says otherwise.
    pub allowed: bool,
}

/// The functions that a channel may not use; all others it may.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ForbidFunctions {
    /// Ids of functions of the channel's agent; an empty list allows all.
    pub forbidden: Vec<FunctionId>,
}

/// A call that an agent's model asked for. Visitors never see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FunctionCall {
    /// A later event about the same call carries the same one.
    pub id: CallId,
    /// As the model wrote it: there may be no such function.
    pub name: String,
    /// As the model wrote them: meant to be a JSON object.
    pub arguments: String,
    /// How it stands; only a call that is `begun` still changes.
    pub state: CallState,
    /// What the function gave back, or what went wrong; empty while it runs.
    pub result: String,
    /// It stands after the message with this `seq`.
    pub after: i64,
    /// When it was stored, right before it was made.
    pub began_at: Timestamp,
    /// `None` while it runs. A call that was not made ended when it began.
    pub ended_at: Option<Timestamp>,
}
