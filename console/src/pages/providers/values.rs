use leptos::prelude::*;

use cavuer_protocol::Secret;
use cavuer_protocol::console::{
    NewProvider, Provider, ProviderChanges, ProviderFacts, ProviderKind, ProviderTrial,
};

/// What stands in the form.
#[derive(Clone, Copy)]
pub struct Values {
    /// [`ProviderKind::as_str`].
    pub kind: RwSignal<String>,
    /// What can be set up.
    pub kinds: StoredValue<Vec<ProviderFacts>>,
    pub name: RwSignal<String>,
    pub base_url: RwSignal<String>,
    pub api_key: RwSignal<String>,
    pub remove_key: RwSignal<bool>,
    /// One name a line.
    pub models: RwSignal<String>,
    pub saved: StoredValue<Option<Provider>>,
}

impl Values {
    /// Those of a saved provider, or of a new one of the first of the kinds.
    pub fn new(saved: Option<Provider>, kinds: Vec<ProviderFacts>) -> Self {
        let first = kinds.first();
        let kind = saved.as_ref().map(|saved| &saved.kind).or(first.map(|facts| &facts.kind));
        let kind = kind.map(|kind| kind.as_str().to_owned()).unwrap_or_default();
        let usual_name = first.map(|facts| facts.label.clone()).unwrap_or_default();
        let text = |text: fn(&Provider) -> String| saved.as_ref().map(text).unwrap_or_default();
        let name = saved.as_ref().map_or(usual_name, |saved| saved.name.clone());
        Self {
            kind: RwSignal::new(kind),
            kinds: StoredValue::new(kinds),
            name: RwSignal::new(name),
            base_url: RwSignal::new(text(|saved| saved.base_url.clone())),
            api_key: RwSignal::new(String::new()),
            remove_key: RwSignal::new(false),
            models: RwSignal::new(text(|saved| saved.models.join("\n"))),
            saved: StoredValue::new(saved),
        }
    }

    /// What there is to know of the kind; `None` for a saved provider of a kind that this server
    /// does not know.
    pub fn facts(self) -> Option<ProviderFacts> {
        let kind = self.kind.get();
        self.kinds
            .with_value(|kinds| kinds.iter().find(|facts| facts.kind.as_str() == kind).cloned())
    }

    /// The kind's name, as people know it.
    pub fn label(self) -> String {
        self.facts().map_or_else(|| self.kind.get(), |facts| facts.label)
    }

    /// A name that nobody has chosen follows the kind.
    pub fn name_after(self, label: &str) {
        let is_usual = self.name.with_untracked(|name| {
            let is_label = |facts: &ProviderFacts| facts.label == *name;
            name.trim().is_empty() || self.kinds.with_value(|kinds| kinds.iter().any(is_label))
        });
        if is_usual {
            self.name.set(label.to_owned());
        }
    }

    pub fn has_model(self, name: &str) -> bool {
        self.models.with(|models| models.lines().any(|line| line.trim() == name))
    }

    /// Adds a model's line, or takes it away.
    pub fn toggle_model(self, name: &str) {
        self.models.update(|models| {
            let mut lines: Vec<&str> =
                models.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
            let before = lines.len();
            lines.retain(|line| *line != name);
            if lines.len() == before {
                lines.push(name);
            }
            *models = lines.join("\n");
        });
    }

    /// What is sent for a new provider.
    pub fn to_create(self) -> NewProvider {
        NewProvider {
            name: self.name.get_untracked(),
            kind: self.kind(),
            base_url: typed(self.base_url),
            api_key: typed(self.api_key).map(Secret::from),
            models: self.names(),
        }
    }

    /// What is sent for a saved one.
    pub fn to_change(self) -> ProviderChanges {
        ProviderChanges {
            name: Some(self.name.get_untracked()),
            base_url: Some(self.base_url.get_untracked()),
            api_key: self.key(),
            models: Some(self.names()),
        }
    }

    /// What is tried.
    pub fn to_try(self) -> ProviderTrial {
        ProviderTrial {
            provider: self.saved.with_value(|saved| saved.as_ref().map(|saved| saved.id)),
            kind: self.kind(),
            base_url: typed(self.base_url),
            api_key: self.key(),
            model: self.names().into_iter().next(),
        }
    }

    fn kind(self) -> ProviderKind {
        self.kind.with_untracked(|kind| kind.as_str().into())
    }

    /// A key that was typed; an empty one if the saved key is to go.
    fn key(self) -> Option<Secret> {
        let removed = self.remove_key.get_untracked().then(String::new);
        typed(self.api_key).or(removed).map(Secret::from)
    }

    fn names(self) -> Vec<String> {
        let names = self.models.get_untracked();
        names.lines().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
    }
}

fn typed(value: RwSignal<String>) -> Option<String> {
    Some(value.get_untracked()).filter(|text| !text.trim().is_empty())
}
