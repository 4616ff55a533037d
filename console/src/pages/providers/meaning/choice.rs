use leptos::prelude::*;

use cavuer_protocol::console::{ProviderKind, ProviderList};

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
        let is_usual = self.name.with_untracked(|name| {
            name.trim().is_empty()
                || ProviderKind::ALL.iter().any(|kind| usual_name(*kind) == Some(name))
        });
        if is_usual {
            let kind = offers(list).into_iter().find(|offer| offer.prefix == prefix);
            let usual = kind.and_then(|offer| usual_name(offer.kind)).unwrap_or_default();
            self.name.set(usual.to_owned());
        }
    }
}

/// A good model to begin with.
fn usual_name(kind: ProviderKind) -> Option<&'static str> {
    match kind {
        ProviderKind::OpenAi => Some("text-embedding-3-small"),
        ProviderKind::Google => Some("gemini-embedding-001"),
        ProviderKind::Anthropic | ProviderKind::Azure | ProviderKind::Compatible => None,
    }
}

struct Offer {
    prefix: String,
    label: String,
    kind: ProviderKind,
}

/// The providers that can be asked; one protocol knows no such models.
fn offers(list: &Load<ProviderList>) -> Vec<Offer> {
    let Load::Ready(list) = list else { return Vec::new() };
    let own = list.providers.iter().map(|provider| Offer {
        prefix: provider.id.to_string(),
        label: provider.name.clone(),
        kind: provider.kind,
    });
    let environment = list.environment.iter().map(|provider| Offer {
        prefix: "openai".to_owned(),
        label: format!("{} ({})", provider.kind.label(), t().providers.environment_badge),
        kind: provider.kind,
    });
    own.chain(environment).filter(|offer| offer.kind != ProviderKind::Anthropic).collect()
}

/// Off, and the providers.
pub fn choices(list: &Load<ProviderList>, chosen: RwSignal<String>) -> Vec<Choice> {
    let choice = |value: String, label: String| Choice { value, label, disabled: false };
    let mut choices = vec![choice(String::new(), t().meaning.off.to_owned())];
    choices.extend(offers(list).into_iter().map(|offer| choice(offer.prefix, offer.label)));
    // One that was deleted stays until another is chosen.
    let own = chosen.get();
    if choices.iter().all(|choice| choice.value != own) {
        let label = match list {
            Load::Ready(_) => t().meaning.deleted_provider,
            _ => t().common.loading,
        };
        choices.push(choice(own, label.to_owned()));
    }
    choices
}
