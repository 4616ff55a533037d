//! Channels and what an owner decides about them.

use serde::{Deserialize, Serialize};

use crate::values::{Appearance, AttachmentPolicy, DailyLimits};
use crate::{AgentId, ChannelId, Notice, Secret, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChannelSummary {
    pub id: ChannelId,
    pub name: String,
    pub enabled: bool,
    /// A reason why visitors cannot use it although it is on, for example no allowed domains.
    pub warning: Option<String>,
    /// `warning` by its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning_notice: Option<Notice>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewChannel {
    pub name: String,
}

/// A Widget channel with all its settings, but without its secret key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Channel {
    pub id: ChannelId,
    pub agent: AgentId,
    pub name: String,
    /// The public token, `wgt_…`.
    pub token: String,
    /// The tag to paste into the page.
    pub snippet: String,
    pub enabled: bool,
    /// As normalised when saved.
    pub allowed_domains: Vec<String>,
    pub require_identification: bool,
    /// Whether a guest who signs in brings the guest conversation along.
    pub merge_guests: bool,
    pub limits: DailyLimits,
    pub attachments: AttachmentPolicy,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// As people type them; the answer has them normalised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_domains: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require_identification: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merge_guests: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<DailyLimits>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachments: Option<AttachmentPolicy>,
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

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RotateSecretKey {
    /// Hours for which the old key is still accepted, 0 to 168.
    pub keep_old_hours: u32,
}
