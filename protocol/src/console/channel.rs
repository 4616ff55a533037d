//! Channels and what an owner decides about them.

use serde::{Deserialize, Serialize};

use crate::values::{Appearance, AttachmentPolicy, DailyLimits};
use crate::{AgentId, ChannelId, Notice, Secret, Timestamp};

/// A channel as it stands with its agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChannelSummary {
    /// Names the channel in `channels/{channel}`.
    pub id: ChannelId,
    /// For the owner's eyes; visitors see the appearance's title.
    pub name: String,
    /// Whether it is switched on. New channels are not.
    pub enabled: bool,
    /// A reason why visitors cannot use it although it is on, for example no allowed domains.
    pub warning: Option<String>,
    /// `warning` by its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning_notice: Option<Notice>,
}

/// `POST agents/{agent}/channels`. The channel is off, and titled like its agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewChannel {
    /// At most [`crate::limits::NAME_CHARS`] characters on one line.
    pub name: String,
}

/// A Widget channel with all its settings, but without its secret key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Channel {
    /// Names the channel in the console's paths; pages name it by `token`.
    pub id: ChannelId,
    /// Who answers in it; never changes.
    pub agent: AgentId,
    /// For the owner's eyes; visitors see the appearance's title.
    pub name: String,
    /// The public token, `wgt_…`.
    pub token: String,
    /// The tag to paste into the page.
    pub snippet: String,
    /// While it is off, every page that asks for it is refused.
    pub enabled: bool,
    /// As normalised when saved.
    pub allowed_domains: Vec<String>,
    /// Whether guests may not write: only users whose hash proves them.
    pub require_identification: bool,
    /// Whether a guest who signs in brings the guest conversation along.
    pub merge_guests: bool,
    /// What its agent may answer in a day; whoever asks beyond that is told so in its place.
    pub limits: DailyLimits,
    /// Which of them visitors are offered.
    pub attachments: AttachmentPolicy,
    /// How its widget looks.
    pub appearance: Appearance,
    /// The secret key's first and last characters, enough to recognise it.
    pub secret_key_hint: String,
    /// Until when the key before the last rotation is still accepted.
    pub old_key_valid_until: Option<Timestamp>,
    /// Why the widget was refused lately, newest first. Visitors never see this.
    pub refusals: Vec<Refusal>,
}

/// One refused request of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Refusal {
    /// When it happened last: a repeat only moves the time.
    pub at: Timestamp,
    /// The page's origin, cut to a sane length; `None` if it sent none.
    pub origin: Option<String>,
    /// What to change so that it would work, in plain words.
    pub reason: String,
    /// `reason` by its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
}

impl Refusal {
    /// A refusal with its reason's English and code.
    pub fn new(at: Timestamp, origin: Option<String>, reason: Notice) -> Self {
        let (reason, notice) = reason.told();
        Self { at, origin, reason, notice }
    }
}

/// What is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ChannelChanges {
    /// At most [`crate::limits::NAME_CHARS`] characters on one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Switches it on or off; while it is off, pages that are open already are refused as well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// As people type them; the answer has them normalised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_domains: Option<Vec<String>>,
    /// Whether guests are kept from writing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require_identification: Option<bool>,
    /// Whether a guest who signs in brings the guest conversation along.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merge_guests: Option<bool>,
    /// All three of them anew, each from 1 to [`crate::limits::DAILY_LIMIT`]; one that is left out
    /// is lifted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<DailyLimits>,
    /// What visitors can send besides text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachments: Option<AttachmentPolicy>,
    /// All of it anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appearance: Option<Appearance>,
}

/// The secret key itself; only these answers carry it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecretKey {
    /// `sk_…`
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub secret_key: Secret,
}

/// `POST channels/{channel}/secret-key/rotate`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RotateSecretKey {
    /// Hours for which the old key is still accepted, 0 to 168.
    pub keep_old_hours: u32,
}
