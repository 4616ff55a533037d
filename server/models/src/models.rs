use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use cavuer_protocol::ProviderId;
use cavuer_protocol::console::{EnvironmentProvider, ModelInfo, ProviderKind, SpeechModel};

use super::transcription::usual_model;
use super::{
    Asked, BuiltIn, Llm, LlmError, LlmErrorKind, Provider, ProviderConfig, ProviderModel, Timeouts,
    families,
};
use crate::outbound::{Outbound, OutboundUnavailable};

/// Id of the answerer that needs no provider; what a new server uses.
pub const BUILT_IN_MODEL: &str = "built-in";

/// What the operator of the server has set for the models.
#[derive(Clone, Debug, Default)]
pub struct LlmConfig {
    /// OpenAI, or a compatible server; `None` if there is neither key nor address.
    pub openai: Option<ProviderConfig>,
    pub anthropic: Option<ProviderConfig>,
    /// Names of further models that the `openai` provider serves, to be listed in the console.
    pub openai_models: Vec<String>,
}

/// Which model an agent's model id means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelId {
    BuiltIn,
    /// A model of a provider that the server's configuration sets up.
    Environment {
        kind: ProviderKind,
        name: String,
    },
    /// A model of a provider that a workspace has set up.
    Own {
        provider: ProviderId,
        name: String,
    },
}

/// Longest model id, in bytes.
const MAX_ID_BYTES: usize = 200;

impl ModelId {
    /// Reads an id; `None` if it has the form of none. The provider's name for the model may
    /// itself contain slashes.
    pub fn parse(id: &str) -> Option<Self> {
        if id == BUILT_IN_MODEL {
            return Some(Self::BuiltIn);
        }
        let (prefix, name) = id.split_once('/')?;
        if id.len() > MAX_ID_BYTES || !is_name(name) {
            return None;
        }
        let name = name.to_owned();
        match ENVIRONMENT.into_iter().find(|(known, _)| *known == prefix) {
            Some((_, kind)) => Some(Self::Environment { kind, name }),
            None => Some(Self::Own { provider: prefix.parse().ok()?, name }),
        }
    }
}

/// Whether a provider can have this name for a model, as far as the form goes.
pub fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_graphic())
}

/// The prefixes of the server's own providers.
const ENVIRONMENT: [(&str, ProviderKind); 2] =
    [("openai", ProviderKind::OpenAi), ("anthropic", ProviderKind::Anthropic)];

/// What one of a workspace's own providers offers its agents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkspaceModels {
    pub provider: ProviderId,
    pub provider_name: String,
    pub kind: ProviderKind,
    pub names: Vec<String>,
}

/// Every model that an agent can be given.
#[derive(Debug)]
pub struct Models {
    openai: Option<Arc<Provider>>,
    anthropic: Option<Arc<Provider>>,
    openai_models: Vec<String>,
    /// Providers of workspaces that have been asked, with what was learnt of their models.
    own: Mutex<HashMap<ProviderId, Arc<Provider>>>,
    outbound: Outbound,
    timeouts: Timeouts,
}

impl Models {
    /// Sets the providers up; nothing is asked yet.
    ///
    /// # Errors
    /// If this machine has no usable TLS set-up.
    pub fn new(config: LlmConfig, timeouts: Timeouts) -> Result<Self, OutboundUnavailable> {
        // The operator named these addresses, so they may be private.
        let named =
            config.openai.iter().chain(&config.anthropic).map(|provider| &provider.base_url);
        let outbound = Outbound::new(named, timeouts.connect)?;
        let provider = |(prefix, kind): (&str, ProviderKind), config| {
            let asked = Asked::environment(kind);
            Arc::new(Provider::new(config, asked, prefix.to_owned(), outbound.clone(), timeouts))
        };
        let [openai, anthropic] = ENVIRONMENT;
        Ok(Self {
            openai: config.openai.map(|config| provider(openai, config)),
            anthropic: config.anthropic.map(|config| provider(anthropic, config)),
            openai_models: config.openai_models,
            own: Mutex::default(),
            outbound,
            timeouts,
        })
    }

    /// What the console offers a workspace with these providers of its own. Other models of a
    /// provider can be used too, by their ids.
    pub fn list(&self, own: &[WorkspaceModels]) -> Vec<ModelInfo> {
        let built_in = ModelInfo {
            id: BUILT_IN_MODEL.to_owned(),
            label: "Built-in answerer (no AI model)".to_owned(),
            note: "Quotes your articles word for word and says so when they do not cover a \
                   question. Instant, free, needs no key, never invents. It does not follow \
                   instructions."
                .to_owned(),
            notice: None,
            available: true,
        };
        let own = own.iter().flat_map(|provider| {
            provider.names.iter().map(|name| ModelInfo {
                id: format!("{}/{name}", provider.provider),
                label: format!("{name} ({})", provider.provider_name),
                note: families::note(name).to_owned(),
                notice: None,
                available: true,
            })
        });
        let known = KNOWN.iter().map(|known| ModelInfo {
            id: id_of(known.kind, known.name),
            label: known.label.to_owned(),
            note: families::note(known.name).to_owned(),
            notice: None,
            available: self.of_environment(known.kind).is_some(),
        });
        let named_by_operator = self.openai_models.iter().map(|name| ModelInfo {
            id: id_of(ProviderKind::OpenAi, name),
            label: name.clone(),
            note: "Named in this server's configuration.".to_owned(),
            notice: None,
            available: self.openai.is_some(),
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
    pub fn hearing(&self, own: &[WorkspaceModels]) -> Vec<SpeechModel> {
        let own = own.iter().map(|own| {
            let usual = usual_model(own.kind, "");
            (own.provider.to_string(), own.provider_name.as_str(), own.names.as_slice(), usual)
        });
        let environment = ENVIRONMENT.into_iter().filter_map(|(prefix, kind)| {
            let provider = self.of_environment(kind)?;
            let names = match kind {
                ProviderKind::OpenAi => self.openai_models.as_slice(),
                _ => &[],
            };
            Some((prefix.to_owned(), kind.label(), names, usual_model(kind, &provider.host())))
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
        kind: ProviderKind,
        name: &str,
    ) -> Result<ProviderModel, LlmError> {
        let missing = || LlmError::new(LlmErrorKind::KeyMissing, Some(Asked::environment(kind)));
        self.of_environment(kind).map(|provider| provider.model(name)).ok_or_else(missing)
    }

    /// The server's own providers, each with the first part of its model ids.
    pub fn environment(&self) -> Vec<(&'static str, EnvironmentProvider)> {
        let described = |(prefix, kind): (&'static str, ProviderKind)| {
            let provider = self.of_environment(kind)?;
            let described = EnvironmentProvider {
                kind,
                host: provider.host(),
                variables: Asked::environment(kind).variables(),
                last_failure: None,
            };
            Some((prefix, described))
        };
        ENVIRONMENT.into_iter().filter_map(described).collect()
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
            Some(ModelId::Environment { kind, name }) => self.environment_model(kind, &name),
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
    pub fn own(&self, id: ProviderId, asked: Asked, config: ProviderConfig) -> Arc<Provider> {
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
    pub fn trial(&self, prefix: String, asked: Asked, config: ProviderConfig) -> Provider {
        Provider::new(config, asked, prefix, self.outbound.clone(), self.timeouts)
    }

    fn of_environment(&self, kind: ProviderKind) -> Option<&Arc<Provider>> {
        match kind {
            ProviderKind::OpenAi => self.openai.as_ref(),
            ProviderKind::Anthropic => self.anthropic.as_ref(),
            ProviderKind::Google | ProviderKind::Azure | ProviderKind::Compatible => None,
        }
    }
}

fn id_of(kind: ProviderKind, name: &str) -> String {
    let prefix = ENVIRONMENT.iter().find(|(_, known)| *known == kind).map(|(prefix, _)| *prefix);
    format!("{}/{name}", prefix.unwrap_or_default())
}

struct Known {
    kind: ProviderKind,
    name: &'static str,
    label: &'static str,
}

/// The families that support teams choose from, cheapest first within a provider.
const KNOWN: [Known; 7] = [
    Known { kind: ProviderKind::OpenAi, name: "gpt-4.1-mini", label: "GPT-4.1 mini" },
    Known { kind: ProviderKind::OpenAi, name: "gpt-4.1", label: "GPT-4.1" },
    Known { kind: ProviderKind::OpenAi, name: "gpt-5-mini", label: "GPT-5 mini" },
    Known { kind: ProviderKind::OpenAi, name: "gpt-5", label: "GPT-5" },
    Known { kind: ProviderKind::Anthropic, name: "claude-haiku-4-5", label: "Claude Haiku 4.5" },
    Known { kind: ProviderKind::Anthropic, name: "claude-sonnet-4-5", label: "Claude Sonnet 4.5" },
    Known { kind: ProviderKind::Anthropic, name: "claude-opus-4-5", label: "Claude Opus 4.5" },
];

#[cfg(test)]
mod tests {
    use super::*;

    fn kind_of(result: Result<Arc<dyn Llm>, LlmError>) -> LlmErrorKind {
        result.err().expect("an error").kind
    }

    fn models(config: LlmConfig) -> Models {
        Models::new(config, Timeouts::default()).unwrap()
    }

    fn provider(kind: ProviderKind, base_url: &str, key: &str) -> Option<ProviderConfig> {
        Some(ProviderConfig { kind, base_url: base_url.parse().unwrap(), api_key: key.into() })
    }

    #[test]
    fn without_keys_only_the_built_in_answerer_is_available() {
        let models = models(LlmConfig::default());
        let available: Vec<_> = models.list(&[]).into_iter().filter(|m| m.available).collect();
        assert_eq!(available.len(), 1);
        assert_eq!(available[0].id, BUILT_IN_MODEL);
        assert!(models.get(BUILT_IN_MODEL).is_ok());
        assert_eq!(kind_of(models.get("openai/gpt-4.1")), LlmErrorKind::KeyMissing);
    }

    #[test]
    fn any_name_of_a_provider_with_a_key_is_taken() {
        let models = models(LlmConfig {
            anthropic: provider(ProviderKind::Anthropic, "https://api.anthropic.com", "sk-ant-1"),
            ..LlmConfig::default()
        });
        assert!(models.get("anthropic/claude-next-9").is_ok());
        assert_eq!(kind_of(models.get("openai/gpt-4.1")), LlmErrorKind::KeyMissing);
        for unknown in
            ["", "anthropic", "anthropic/", "gpt-4", "acme/x", "anthropic/a b", "anthropic/\n"]
        {
            assert_eq!(kind_of(models.get(unknown)), LlmErrorKind::ModelUnknown, "{unknown:?}");
            assert_eq!(ModelId::parse(unknown), None);
        }
        assert!(models.list(&[]).iter().any(|m| m.id.starts_with("anthropic/") && m.available));
    }

    #[test]
    fn models_that_the_operator_names_are_listed_once() {
        let models = models(LlmConfig {
            openai: provider(ProviderKind::OpenAi, "http://localhost:11434/v1", ""),
            openai_models: vec!["meta-llama/llama-3.2".to_owned(), "gpt-4.1".to_owned()],
            ..LlmConfig::default()
        });
        assert!(models.get("openai/meta-llama/llama-3.2").is_ok());
        let list = models.list(&[]);
        assert_eq!(list.iter().filter(|m| m.id == "openai/gpt-4.1").count(), 1);
        assert_eq!(list[1].id, "openai/meta-llama/llama-3.2");
    }

    #[test]
    fn a_workspace_s_own_models_are_offered_beside_the_server_s() {
        let models = models(LlmConfig::default());
        let id = ProviderId::from_parts(1, &[7; 10]);
        let own = WorkspaceModels {
            provider: id,
            provider_name: "Our Ollama".to_owned(),
            kind: ProviderKind::Compatible,
            names: vec!["llama3.2:3b".to_owned(), "hf.co/someone/model".to_owned()],
        };
        let list = models.list(&[own]);
        assert_eq!(list[1].id, format!("{id}/llama3.2:3b"));
        assert_eq!(list[1].label, "llama3.2:3b (Our Ollama)");
        assert!(list[1].available && !list[1].note.is_empty());
        let name = "hf.co/someone/model".to_owned();
        assert_eq!(ModelId::parse(&list[2].id), Some(ModelId::Own { provider: id, name }));
        // Only whoever knows the workspace can say what is behind it.
        assert_eq!(kind_of(models.get(&list[2].id)), LlmErrorKind::ModelUnknown);
    }

    #[test]
    fn what_hears_is_offered_by_name_before_the_usual_one() {
        let silent = models(LlmConfig {
            anthropic: provider(ProviderKind::Anthropic, "https://api.anthropic.com", "sk-ant-1"),
            ..LlmConfig::default()
        });
        assert_eq!(silent.hearing(&[]), []);
        let models = models(LlmConfig {
            openai: provider(ProviderKind::OpenAi, "https://api.openai.com", "sk-1"),
            ..LlmConfig::default()
        });
        let id = ProviderId::from_parts(1, &[7; 10]);
        let own = |kind, names: &[&str]| WorkspaceModels {
            provider: id,
            provider_name: "Ours".to_owned(),
            kind,
            names: names.iter().map(|name| (*name).to_owned()).collect(),
        };
        let ids =
            |own| models.hearing(&[own]).into_iter().map(|model| model.id).collect::<Vec<_>>();
        let openai = "openai/gpt-4o-mini-transcribe".to_owned();
        let named = format!("{id}/large-whisper");
        assert_eq!(
            ids(own(ProviderKind::Compatible, &["llama", "large-whisper"])),
            [named.clone(), format!("{id}/whisper-1"), openai.clone()]
        );
        assert_eq!(ids(own(ProviderKind::Azure, &["large-whisper"])), [named, openai.clone()]);
        assert_eq!(ids(own(ProviderKind::Google, &["gemini"])), [openai]);
    }

    #[test]
    fn a_provider_is_made_anew_when_its_settings_change() {
        let models = models(LlmConfig::default());
        let id = ProviderId::from_parts(1, &[7; 10]);
        let config = |key| provider(ProviderKind::OpenAi, "https://x.example", key).unwrap();
        let first = models.own(id, Asked::console("X"), config("one"));
        assert!(Arc::ptr_eq(&first, &models.own(id, Asked::console("X"), config("one"))));
        assert!(!Arc::ptr_eq(&first, &models.own(id, Asked::console("X"), config("two"))));
    }

    #[test]
    fn nothing_prints_a_key() {
        let config = LlmConfig {
            openai: provider(
                ProviderKind::OpenAi,
                "https://user:password@example.com",
                "sk-verysecret",
            ),
            ..LlmConfig::default()
        };
        let printed = format!("{config:?} {:?}", models(config.clone()));
        assert!(!printed.contains("verysecret"), "{printed}");
        assert!(!printed.contains("password"), "{printed}");
    }
}
