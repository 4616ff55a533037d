//! What an owner decides about a channel.

use serde::{Deserialize, Serialize};

use super::Position;

/// Whether visitors can send images, files and voice messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AttachmentPolicy {
    /// What the agent can make use of: images and files while it processes images, voice messages
    /// while it processes audio.
    #[default]
    Auto,
    /// All of them; what the agent cannot use waits for a person.
    On,
    /// None.
    Off,
}

/// How a widget looks; all of it is changed together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Appearance {
    /// Heads the panel; at most [`crate::limits::NAME_CHARS`] characters on one line.
    pub title: String,
    /// First line of the agent, shown but never stored; at most [`crate::limits::GREETING_CHARS`]
    /// characters, and may be empty.
    pub greeting: String,
    /// `#rrggbb`.
    pub color: String,
    /// Where the bubble sits.
    pub position: Position,
}

/// How much an agent may answer in a channel from 00:00 UTC to the next; `None` for any amount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct DailyLimits {
    /// Answers in all.
    pub answers: Option<u32>,
    /// Tokens read and written in all. The answer that goes beyond them is finished.
    pub tokens: Option<u32>,
    /// Answers to one visitor.
    pub visitor_answers: Option<u32>,
}
