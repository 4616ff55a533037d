//! Model providers that a workspace sets up in the console.

use serde::{Deserialize, Serialize};

use crate::values::ProviderKind;
use crate::{AgentId, Notice, ProviderId, Secret, Timestamp};

/// What there is to know of the providers of a kind before one is set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProviderFacts {
    /// The word by which [`NewProvider`] and [`ProviderTrial`] name it.
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
    /// Also the first part of the ids of its models.
    pub id: ProviderId,
    /// What the workspace calls it.
    pub name: String,
    /// Set when it is made; it cannot be changed.
    pub kind: ProviderKind,
    /// Where it is asked; the kind's usual address if none was given.
    pub base_url: String,
    /// The key's last characters, enough to recognise it; `None` if there is no key.
    pub key_hint: Option<String>,
    /// Names of the models that agents are offered, as the provider spells them.
    pub models: Vec<String>,
    /// Agents that answer with it, fall back on it, or have it make speech into text.
    pub used_by: Vec<AgentUse>,
    /// Its newest failure since the server started.
    pub last_failure: Option<ProviderFailure>,
    /// Lists have the oldest provider first.
    pub created_at: Timestamp,
}

/// An agent that uses something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgentUse {
    /// Names the agent in `agents/{agent}`.
    pub id: AgentId,
    /// What the agent is called now.
    pub name: String,
}

/// When and why a provider did not answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProviderFailure {
    /// When it was asked in vain.
    pub at: Timestamp,
    /// What happened and what to do about it, in plain words.
    pub reason: String,
    /// `reason` by its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
}

impl ProviderFailure {
    /// A failure with its reason's English and code.
    pub fn new(at: Timestamp, reason: Notice) -> Self {
        let (reason, notice) = reason.told();
        Self { at, reason, notice }
    }
}

/// A provider whose key is in the server's environment, for every workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnvironmentProvider {
    /// Also the first part of the ids of its models.
    pub kind: ProviderKind,
    /// The host that is asked.
    pub host: String,
    /// Names of the environment variables that set it up.
    pub variables: Vec<String>,
    /// Its newest failure since the server started.
    pub last_failure: Option<ProviderFailure>,
}

/// `GET providers`: what is set up, and what can be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProviderList {
    /// Oldest first.
    pub providers: Vec<Provider>,
    /// Those that the server's configuration sets up; every workspace may use them.
    pub environment: Vec<EnvironmentProvider>,
    /// What can be set up, in the order in which it is offered.
    pub kinds: Vec<ProviderFacts>,
}

/// `POST providers`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewProvider {
    /// What the workspace calls it; at most [`crate::limits::NAME_CHARS`] characters on one line.
    pub name: String,
    /// One of [`ProviderList::kinds`].
    pub kind: ProviderKind,
    /// Absent for the kind's usual address.
    #[serde(default)]
    pub base_url: Option<String>,
    /// At most [`crate::limits::API_KEY_BYTES`] visible ASCII characters, white space around them
    /// aside. Absent or empty only where the kind needs no key.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub api_key: Option<Secret>,
    /// At most [`crate::limits::PROVIDER_MODELS`] names of at most
    /// [`crate::limits::MODEL_NAME_BYTES`] bytes; repeats and empty ones are left out.
    #[serde(default)]
    pub models: Vec<String>,
}

/// What is absent stays as it is. A new host needs the key anew.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ProviderChanges {
    /// As in [`NewProvider::name`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// At most [`crate::limits::BASE_URL_BYTES`] bytes; an empty one stands for the kind's usual
    /// address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// An empty one takes the key away.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub api_key: Option<Secret>,
    /// All of them anew, as in [`NewProvider::models`].
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
    /// One of [`ProviderList::kinds`], whatever the saved provider is.
    pub kind: ProviderKind,
    /// Absent for the kind's usual address. A saved key is tried on its own host only.
    #[serde(default)]
    pub base_url: Option<String>,
    /// The key to try, saved or not; an empty one tries it without a key.
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
    /// Whether the provider took the key and answered.
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

    /// It does not work; no models are named.
    pub fn fails(why: Notice) -> Self {
        let (message, notice) = why.told();
        Self { works: false, message, notice, models: Vec::new() }
    }
}

/// A model by the provider's own name for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfferedModel {
    /// As it stands in [`Provider::models`] if it is chosen.
    pub name: String,
    /// Speed, accuracy and cost in plain words; empty for a model that this server does not know.
    pub note: String,
    /// `note` by its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
}
