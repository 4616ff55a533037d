//! Model providers that a workspace sets up in the console.

use serde::{Deserialize, Serialize};

use crate::values::ProviderKind;
use crate::{AgentId, Notice, ProviderId, Secret, Timestamp};

/// What there is to know of the providers of a kind before one is set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProviderFacts {
    pub kind: ProviderKind,
    /// Its name, as people know it.
    pub label: String,
    /// What it is, where the name does not tell; else empty.
    pub about: String,
    /// `about` by its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about_notice: Option<Notice>,
    /// Its usual address; absent where everybody has one of their own.
    pub usual_url: Option<String>,
    /// How an address may look, where there is no usual one.
    pub example_url: Option<String>,
    /// Whether it answers nobody without a key.
    pub needs_key: bool,
    /// Whether its models go by the names of deployments, which their owner gave them.
    pub has_deployments: bool,
    /// Whether it has models that make vectors of texts.
    pub has_embeddings: bool,
    /// A good one of these to begin with.
    pub usual_embedding_model: Option<String>,
}

/// A provider of a workspace. Its key is never told again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Provider {
    pub id: ProviderId,
    /// What the workspace calls it.
    pub name: String,
    pub kind: ProviderKind,
    pub base_url: String,
    /// The key's last characters, enough to recognise it; `None` if there is no key.
    pub key_hint: Option<String>,
    /// Names of the models that agents are offered, as the provider spells them.
    pub models: Vec<String>,
    /// Agents that answer with it, or fall back on it.
    pub used_by: Vec<AgentUse>,
    /// Its newest failure since the server started.
    pub last_failure: Option<ProviderFailure>,
    pub created_at: Timestamp,
}

/// An agent that uses something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgentUse {
    pub id: AgentId,
    pub name: String,
}

/// When and why a provider did not answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProviderFailure {
    pub at: Timestamp,
    /// What happened and what to do about it, in plain words.
    pub reason: String,
    /// `reason` by its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
}

impl ProviderFailure {
    pub fn new(at: Timestamp, reason: Notice) -> Self {
        let (reason, notice) = reason.told();
        Self { at, reason, notice }
    }
}

/// A provider whose key is in the server's environment, for every workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnvironmentProvider {
    pub kind: ProviderKind,
    /// The host that is asked.
    pub host: String,
    /// Names of the environment variables that set it up.
    pub variables: Vec<String>,
    /// Its newest failure since the server started.
    pub last_failure: Option<ProviderFailure>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProviderList {
    /// Oldest first.
    pub providers: Vec<Provider>,
    pub environment: Vec<EnvironmentProvider>,
    /// What can be set up, in the order in which it is offered.
    pub kinds: Vec<ProviderFacts>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewProvider {
    pub name: String,
    pub kind: ProviderKind,
    /// Absent for the kind's usual address.
    #[serde(default)]
    pub base_url: Option<String>,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub api_key: Option<Secret>,
    #[serde(default)]
    pub models: Vec<String>,
}

/// What is absent stays as it is. A new host needs the key anew.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ProviderChanges {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// An empty one takes the key away.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub api_key: Option<Secret>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub models: Option<Vec<String>>,
}

/// A connection to try, saved or not.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProviderTrial {
    /// The saved provider whose key is used if `api_key` is absent.
    #[serde(default)]
    pub provider: Option<ProviderId>,
    pub kind: ProviderKind,
    #[serde(default)]
    pub base_url: Option<String>,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub api_key: Option<Secret>,
    /// A model that is asked for one word where the provider cannot list its models.
    #[serde(default)]
    pub model: Option<String>,
}

/// What came of a trial.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProviderTried {
    pub works: bool,
    /// What was found, or what failed and how to mend it, in plain words.
    pub message: String,
    /// `message` by its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
    /// The models that the provider lists, for choosing.
    pub models: Vec<OfferedModel>,
}

impl ProviderTried {
    /// It works; what was found, and the models.
    pub fn works(found: Notice, models: Vec<OfferedModel>) -> Self {
        let (message, notice) = found.told();
        Self { works: true, message, notice, models }
    }

    pub fn fails(why: Notice) -> Self {
        let (message, notice) = why.told();
        Self { works: false, message, notice, models: Vec::new() }
    }
}

/// A model by the provider's own name for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfferedModel {
    pub name: String,
    /// Speed, accuracy and cost in plain words; empty for a model that this server does not know.
    pub note: String,
    /// `note` by its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
}
