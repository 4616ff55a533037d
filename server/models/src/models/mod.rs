//! Every model that an agent can be given, by its id.

mod environment;
mod id;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use cavuer_protocol::ProviderId;
use cavuer_protocol::console::{
    EnvironmentProvider, ModelInfo, ProviderFacts, ProviderKind, SpeechModel,
};
use cavuer_protocol::notice::{self, Notice};

pub use environment::Environment;
pub use id::{BUILT_IN_MODEL, ModelId, is_name};

use self::environment::ENVIRONMENT;
use crate::answers::Llm;
use crate::asked::Asked;
use crate::builtin::BuiltIn;
use crate::error::{LlmError, LlmErrorKind};
use crate::outbound::{Outbound, OutboundUnavailable};
use crate::protocols::{self, Protocol, families};
use crate::providers::{ProviderClient, ProviderConfig, ProviderModel, Timeouts};

/// What the operator of the server has set for the models.
#[derive(Clone, Debug, Default)]
pub struct LlmConfig {
    /// OpenAI, or a compatible server; `None` if there is neither key nor address.
    pub openai: Option<ProviderConfig>,
    /// Anthropic, or a server that speaks like it; `None` if there is neither key nor address.
    pub anthropic: Option<ProviderConfig>,
    /// Names of further models that the `openai` provider serves, to be listed in the console.
    pub openai_models: Vec<String>,
}

/// What one of a workspace's own providers offers its agents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkspaceModels {
    /// The first part of its models' ids.
    pub provider: ProviderId,
    /// What the workspace calls it; stands behind each model's name in lists.
    pub provider_name: String,
    /// Names the protocol. One that this version does not know has no usual model.
    pub kind: ProviderKind,
    /// Models that its owner wants listed, as the provider spells them.
    pub names: Vec<String>,
}

/// Every model that an agent can be given.
#[derive(Debug)]
pub struct Models {
    /// What workspaces can set up.
    protocols: Vec<&'static dyn Protocol>,
    environment: Vec<OfEnvironment>,
    /// Providers of workspaces that have been asked, with what was learnt of their models.
    own: Mutex<HashMap<ProviderId, Arc<ProviderClient>>>,
    outbound: Outbound,
    timeouts: Timeouts,
}

/// One of the server's own providers, as far as it is set up.
#[derive(Debug)]
struct OfEnvironment {
    of: &'static Environment,
    provider: Option<Arc<ProviderClient>>,
    /// Names of further models of it, to be listed in the console.
    names: Vec<String>,
}

impl Models {
    /// Sets the providers up; nothing is asked yet.
    ///
    /// # Errors
    /// If this machine has no usable TLS set-up.
    pub fn new(config: LlmConfig, timeouts: Timeouts) -> Result<Self, OutboundUnavailable> {
        Self::with_protocols(config, timeouts, protocols::ALL.to_vec())
    }

    /// The same where workspaces can set up providers of these protocols, and no others.
    ///
    /// # Errors
    /// As [`Models::new`].
    pub fn with_protocols(
        config: LlmConfig,
        timeouts: Timeouts,
        protocols: Vec<&'static dyn Protocol>,
    ) -> Result<Self, OutboundUnavailable> {
        let LlmConfig { openai, anthropic, openai_models } = config;
        // The operator named these addresses, so they may be private.
        let named = openai.iter().chain(&anthropic).map(|provider| &provider.base_url);
        let outbound = Outbound::new(named, timeouts.connect)?;
        let [openai_s, anthropic_s] = &ENVIRONMENT;
        let set_up = [(openai_s, openai, openai_models), (anthropic_s, anthropic, Vec::new())];
        let environment = set_up.map(|(of, config, names)| {
            let (prefix, outbound) = (of.prefix().to_owned(), outbound.clone());
            let provider =
                |config| ProviderClient::new(config, of.asked(), prefix, outbound, timeouts);
            OfEnvironment { of, provider: config.map(provider).map(Arc::new), names }
        });
        let environment = environment.into();
        Ok(Self { protocols, environment, own: Mutex::default(), outbound, timeouts })
    }

    /// The protocol of a provider of this kind; `None` if this server knows none.
    pub fn protocol(&self, kind: &ProviderKind) -> Option<&'static dyn Protocol> {
        let mut protocols = self.protocols.iter().copied();
        protocols.find(|protocol| protocol.facts().kind == kind.as_str())
    }

    /// What workspaces can set up, in the order in which the console offers it.
    pub fn kinds(&self) -> Vec<ProviderFacts> {
        self.protocols.iter().map(|protocol| told(*protocol)).collect()
    }

    /// What the console offers a workspace with these providers of its own. Other models of a
    /// provider can be used too, by their ids.
    pub fn list(&self, own: &[WorkspaceModels]) -> Vec<ModelInfo> {
        let (label, label_notice) = notice::built_in_answerer().told();
        let built_in = ModelInfo {
            label_notice,
            ..model(BUILT_IN_MODEL.to_owned(), label, Some(notice::built_in_answerer_note()), true)
        };
        let own = own.iter().flat_map(|provider| {
            provider.names.iter().map(|name| {
                let id = format!("{}/{name}", provider.provider);
                let label = format!("{name} ({})", provider.provider_name);
                model(id, label, families::note(name), true)
            })
        });
        let known = self.environment.iter().flat_map(|environment| {
            let suggested = environment.of.protocol.facts().suggested.iter();
            suggested.map(|(name, label)| {
                let available = environment.provider.is_some();
                let label = (*label).to_owned();
                model(environment.id_of(name), label, families::note(name), available)
            })
        });
        let named_by_operator = self.environment.iter().flat_map(|environment| {
            environment.names.iter().map(|name| {
                let available = environment.provider.is_some();
                let note = Some(notice::model_of_configuration());
                model(environment.id_of(name), name.clone(), note, available)
            })
        });
        let mut list = vec![built_in];
        for model in own.chain(named_by_operator).chain(known) {
            if list.iter().all(|listed| listed.id != model.id) {
                list.push(model);
            }
        }
        list
    }

    /// The models that make speech into text for a workspace with these providers of its own, in
    /// the order in which they are taken: those that a provider names, before its usual one.
    pub fn speech_models(&self, own: &[WorkspaceModels]) -> Vec<SpeechModel> {
        let own = own.iter().map(|own| {
            let usual =
                self.protocol(&own.kind).and_then(|protocol| usual_speech_model(protocol, ""));
            (own.provider.to_string(), own.provider_name.as_str(), own.names.as_slice(), usual)
        });
        let environment = self.environment.iter().filter_map(|environment| {
            let protocol = environment.of.protocol;
            let usual = usual_speech_model(protocol, &environment.provider.as_ref()?.host());
            let prefix = environment.of.prefix().to_owned();
            Some((prefix, protocol.facts().label, environment.names.as_slice(), usual))
        });
        let mut list: Vec<SpeechModel> = Vec::new();
        for (prefix, provider, names, usual) in own.chain(environment) {
            let named = names.iter().map(String::as_str).filter(|name| families::can_hear(name));
            for name in named.chain(usual) {
                let (id, label) = (format!("{prefix}/{name}"), format!("{name} ({provider})"));
                if list.iter().all(|listed| listed.id != id) {
                    list.push(SpeechModel { id, label });
                }
            }
        }
        list
    }

    /// The provider behind an id of the server's own.
    ///
    /// # Errors
    /// [`LlmErrorKind::KeyMissing`] if this server has no key for it.
    pub fn environment_model(
        &self,
        provider: &'static Environment,
        name: &str,
    ) -> Result<ProviderModel, LlmError> {
        let set_up = self.environment.iter().find(|environment| environment.of == provider);
        let set_up = set_up.and_then(|environment| environment.provider.as_ref());
        let missing = || LlmError::new(LlmErrorKind::KeyMissing, Some(provider.asked()));
        set_up.map(|provider| provider.model(name)).ok_or_else(missing)
    }

    /// The server's own providers, each with the first part of its model ids.
    pub fn environment(&self) -> Vec<(&'static str, EnvironmentProvider)> {
        let described = |environment: &OfEnvironment| {
            let prefix = environment.of.prefix();
            let described = EnvironmentProvider {
                kind: prefix.into(),
                host: environment.provider.as_ref()?.host(),
                variables: environment.of.asked().variables(),
                last_failure: None,
            };
            Some((prefix, described))
        };
        self.environment.iter().filter_map(described).collect()
    }

    /// The model behind an agent's model id, if no workspace's provider is needed for it.
    ///
    /// # Errors
    /// [`LlmErrorKind::ModelUnknown`] if the id belongs to no provider of the server, and
    /// [`LlmErrorKind::KeyMissing`] if this server has no key for the provider.
    pub fn get(&self, id: &str) -> Result<Arc<dyn Llm>, LlmError> {
        if ModelId::parse(id) == Some(ModelId::BuiltIn) {
            return Ok(Arc::new(BuiltIn));
        }
        Ok(Arc::new(self.of_provider(id)?))
    }

    /// The same for models of providers alone.
    ///
    /// # Errors
    /// As [`Models::get`]; the built-in answerer is no model of a provider.
    pub fn of_provider(&self, id: &str) -> Result<ProviderModel, LlmError> {
        match ModelId::parse(id) {
            Some(ModelId::Environment { provider, name }) => {
                self.environment_model(provider, &name)
            }
            Some(ModelId::BuiltIn | ModelId::Own { .. }) | None => {
                Err(LlmError::new(LlmErrorKind::ModelUnknown, None))
            }
        }
    }

    /// How long the vector of a visitor's question may take.
    pub fn question_time(&self) -> Duration {
        self.timeouts.question
    }

    /// A workspace's provider, the same one as before while its settings are the same.
    pub fn own(&self, id: ProviderId, asked: Asked, config: ProviderConfig) -> Arc<ProviderClient> {
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        match own.get(&id) {
            Some(provider) if provider.is_of(&config, &asked) => Arc::clone(provider),
            _ => {
                let provider = Arc::new(self.trial(id.to_string(), asked, config));
                own.insert(id, Arc::clone(&provider));
                provider
            }
        }
    }

    /// Forgets a provider that a workspace has deleted.
    pub fn forget(&self, id: ProviderId) {
        self.own.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }

    /// A provider that is only tried.
    pub fn trial(&self, prefix: String, asked: Asked, config: ProviderConfig) -> ProviderClient {
        ProviderClient::new(config, asked, prefix, self.outbound.clone(), self.timeouts)
    }
}

impl OfEnvironment {
    fn id_of(&self, name: &str) -> String {
        format!("{}/{name}", self.of.prefix())
    }
}

/// What the console is told of a model.
fn model(id: String, label: String, note: Option<Notice>, available: bool) -> ModelInfo {
    let (note, notice) = note.map(Notice::told).unwrap_or_default();
    ModelInfo { id, label, label_notice: None, note, notice, available }
}

/// The model by which a provider makes speech into text unless another one is named.
fn usual_speech_model(protocol: &'static dyn Protocol, host: &str) -> Option<&'static str> {
    protocol.transcription()?.usual_model(host)
}

/// What the console is told of a protocol.
fn told(protocol: &'static dyn Protocol) -> ProviderFacts {
    let facts = protocol.facts();
    let embeddings = protocol.embeddings();
    let usual = embeddings.and_then(|embeddings| embeddings.usual_model());
    let (about, about_notice) = protocol.about().map(Notice::told).unwrap_or_default();
    ProviderFacts {
        kind: facts.kind.into(),
        label: facts.label.to_owned(),
        about,
        about_notice,
        usual_url: facts.usual_url.map(str::to_owned),
        example_url: facts.example_url.map(str::to_owned),
        needs_key: facts.needs_key,
        has_deployments: facts.has_deployments,
        has_embeddings: embeddings.is_some(),
        usual_embedding_model: usual.map(str::to_owned),
    }
}

#[cfg(test)]
mod tests;
