use std::sync::Arc;

use cavuer_protocol::console::ModelInfo;

use super::{
    BuiltIn, Llm, LlmError, LlmErrorKind, Provider, ProviderConfig, ProviderKind, Timeouts,
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

/// Every model that an agent can be given.
#[derive(Debug)]
pub struct Models {
    openai: Option<Arc<Provider>>,
    anthropic: Option<Arc<Provider>>,
    openai_models: Vec<String>,
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
        let provider = |config| Arc::new(Provider::new(config, outbound.clone(), timeouts));
        Ok(Self {
            openai: config.openai.map(provider),
            anthropic: config.anthropic.map(provider),
            openai_models: config.openai_models,
        })
    }

    /// What the console offers. Other models of a provider can be used too, by their ids.
    pub fn list(&self) -> Vec<ModelInfo> {
        let built_in = ModelInfo {
            id: BUILT_IN_MODEL.to_owned(),
            label: "Built-in answerer (no AI model)".to_owned(),
            note: "Quotes your articles word for word and says so when they do not cover a \
                   question. Instant, free, needs no key, never invents. It does not follow \
                   instructions."
                .to_owned(),
            available: true,
        };
        let known = KNOWN.iter().map(|known| ModelInfo {
            id: id_of(known.kind, known.name),
            label: known.label.to_owned(),
            note: known.note.to_owned(),
            available: self.provider(known.kind).is_some(),
        });
        let named_by_operator = self.openai_models.iter().map(|name| ModelInfo {
            id: id_of(ProviderKind::OpenAi, name),
            label: name.clone(),
            note: "Named in this server's configuration.".to_owned(),
            available: self.openai.is_some(),
        });
        let mut list = vec![built_in];
        for model in named_by_operator.chain(known) {
            if list.iter().all(|listed| listed.id != model.id) {
                list.push(model);
            }
        }
        list
    }

    /// Whether `id` has the form of a model id. It does not say that the provider knows the name.
    pub fn is_well_formed(id: &str) -> bool {
        id == BUILT_IN_MODEL || split(id).is_some()
    }

    /// The model behind an agent's model id.
    ///
    /// # Errors
    /// [`LlmErrorKind::ModelUnknown`] if the id belongs to no provider, and
    /// [`LlmErrorKind::KeyMissing`] if this server has no key for the provider.
    pub fn get(&self, id: &str) -> Result<Arc<dyn Llm>, LlmError> {
        if id == BUILT_IN_MODEL {
            return Ok(Arc::new(BuiltIn));
        }
        let (kind, name) =
            split(id).ok_or_else(|| LlmError::new(LlmErrorKind::ModelUnknown, None))?;
        match self.provider(kind) {
            Some(provider) => Ok(Arc::new(provider.model(name))),
            None => Err(LlmError::new(LlmErrorKind::KeyMissing, Some(kind))),
        }
    }

    fn provider(&self, kind: ProviderKind) -> Option<&Arc<Provider>> {
        match kind {
            ProviderKind::OpenAi => self.openai.as_ref(),
            ProviderKind::Anthropic => self.anthropic.as_ref(),
        }
    }
}

/// Longest model id, in bytes.
const MAX_ID_BYTES: usize = 200;

fn id_of(kind: ProviderKind, name: &str) -> String {
    format!("{}/{name}", kind.prefix())
}

/// Provider and the provider's name for the model, which may itself contain slashes.
fn split(id: &str) -> Option<(ProviderKind, &str)> {
    let (prefix, name) = id.split_once('/')?;
    let kind = ProviderKind::ALL.into_iter().find(|kind| kind.prefix() == prefix)?;
    let sane =
        !name.is_empty() && id.len() <= MAX_ID_BYTES && name.chars().all(|c| c.is_ascii_graphic());
    sane.then_some((kind, name))
}

struct Known {
    kind: ProviderKind,
    name: &'static str,
    label: &'static str,
    note: &'static str,
}

/// The families that support teams choose from, cheapest first within a provider.
const KNOWN: [Known; 7] = [
    Known {
        kind: ProviderKind::OpenAi,
        name: "gpt-4.1-mini",
        label: "GPT-4.1 mini",
        note: "Fast and cheap; accurate enough for most support questions.",
    },
    Known {
        kind: ProviderKind::OpenAi,
        name: "gpt-4.1",
        label: "GPT-4.1",
        note: "Fast, follows long instructions closely, medium cost. A good start for support.",
    },
    Known {
        kind: ProviderKind::OpenAi,
        name: "gpt-5-mini",
        label: "GPT-5 mini",
        note: "Thinks before it answers: slower first word, better with tricky questions, low cost. Ignores temperature.",
    },
    Known {
        kind: ProviderKind::OpenAi,
        name: "gpt-5",
        label: "GPT-5",
        note: "For complex, analytical questions. Slower, costs more. Ignores temperature.",
    },
    Known {
        kind: ProviderKind::Anthropic,
        name: "claude-haiku-4-5",
        label: "Claude Haiku 4.5",
        note: "Very fast, natural tone, low cost. A good start for support.",
    },
    Known {
        kind: ProviderKind::Anthropic,
        name: "claude-sonnet-4-5",
        label: "Claude Sonnet 4.5",
        note: "For complex questions and long articles; medium speed and cost.",
    },
    Known {
        kind: ProviderKind::Anthropic,
        name: "claude-opus-4-5",
        label: "Claude Opus 4.5",
        note: "The most careful with difficult questions; slower and the most expensive.",
    },
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
        let available: Vec<_> = models.list().into_iter().filter(|m| m.available).collect();
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
            assert!(!Models::is_well_formed(unknown));
        }
        assert!(models.list().iter().any(|m| m.id.starts_with("anthropic/") && m.available));
    }

    #[test]
    fn models_that_the_operator_names_are_listed_once() {
        let models = models(LlmConfig {
            openai: provider(ProviderKind::OpenAi, "http://localhost:11434/v1", ""),
            openai_models: vec!["meta-llama/llama-3.2".to_owned(), "gpt-4.1".to_owned()],
            ..LlmConfig::default()
        });
        assert!(models.get("openai/meta-llama/llama-3.2").is_ok());
        let list = models.list();
        assert_eq!(list.iter().filter(|m| m.id == "openai/gpt-4.1").count(), 1);
        assert_eq!(list[1].id, "openai/meta-llama/llama-3.2");
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
