use leptos::prelude::*;

use cavuer_protocol::console::{ProviderFacts, ProviderKind, ProviderList};

use crate::components::select::Choice;
use crate::loader::Load;
use crate::text::t;

/// What stands in the form.
#[derive(Clone, Copy)]
pub struct Choosing {
    /// The first part of the provider's model ids; empty for off.
    pub prefix: RwSignal<String>,
    pub name: RwSignal<String>,
}

impl Choosing {
    pub fn new(saved: Option<&str>) -> Self {
        let (prefix, name) = saved.and_then(|id| id.split_once('/')).unwrap_or_default();
        Self { prefix: RwSignal::new(prefix.to_owned()), name: RwSignal::new(name.to_owned()) }
    }

    /// The chosen model's id; `None` for off.
    pub fn model(self) -> Option<String> {
        let prefix = self.prefix.get_untracked();
        let name = self.name.get_untracked();
        (!prefix.is_empty()).then(|| format!("{prefix}/{}", name.trim()))
    }

    /// What is wrong if the name is.
    pub fn missing(self, message: &str) -> Option<String> {
        let is_missing = !self.prefix.with_untracked(String::is_empty)
            && self.name.with_untracked(|name| name.trim().is_empty());
        is_missing.then(|| message.to_owned())
    }

    /// A name that nobody has typed follows the provider.
    pub fn name_after(self, prefix: &str, list: &Load<ProviderList>) {
        let Load::Ready(list) = list else { return };
        let is_usual = self.name.with_untracked(|name| {
            let is_usual =
                |facts: &ProviderFacts| facts.usual_embedding_model.as_ref() == Some(name);
            name.trim().is_empty() || list.kinds.iter().any(is_usual)
        });
        if is_usual {
            let offer = offers(list).into_iter().find(|offer| offer.prefix == prefix);
            self.name.set(offer.and_then(|offer| offer.usual_name).unwrap_or_default());
        }
    }
}

struct Offer {
    prefix: String,
    label: String,
    /// A good model to begin with.
    usual_name: Option<String>,
}

/// The providers that can be asked; some have no such models.
fn offers(list: &ProviderList) -> Vec<Offer> {
    let facts = |kind: &ProviderKind| {
        list.kinds.iter().find(|facts| facts.kind == *kind && facts.has_embeddings)
    };
    let own = list.providers.iter().filter_map(|provider| {
        let usual_name = facts(&provider.kind)?.usual_embedding_model.clone();
        let (prefix, label) = (provider.id.to_string(), provider.name.clone());
        Some(Offer { prefix, label, usual_name })
    });
    let environment = list.environment.iter().filter_map(|provider| {
        let facts = facts(&provider.kind)?;
        // The first part of the ids of its models is the word for its kind.
        let prefix = provider.kind.as_str().to_owned();
        let label = format!("{} ({})", facts.label, t().providers.environment_badge);
        Some(Offer { prefix, label, usual_name: facts.usual_embedding_model.clone() })
    });
    own.chain(environment).collect()
}

/// Off, and the providers.
pub fn choices(list: &Load<ProviderList>, chosen: RwSignal<String>) -> Vec<Choice> {
    let choice = |value: String, label: String| Choice { value, label, disabled: false };
    let mut choices = vec![choice(String::new(), t().embeddings.off.to_owned())];
    if let Load::Ready(list) = list {
        choices.extend(offers(list).into_iter().map(|offer| choice(offer.prefix, offer.label)));
    }
    // One that was deleted stays until another is chosen.
    let own = chosen.get();
    if choices.iter().all(|choice| choice.value != own) {
        let label = match list {
            Load::Ready(_) => t().embeddings.deleted_provider,
            _ => t().common.loading,
        };
        choices.push(choice(own, label.to_owned()));
    }
    choices
}
