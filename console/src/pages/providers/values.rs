use leptos::prelude::*;

use cavuer_protocol::Secret;
use cavuer_protocol::console::{
    NewProvider, Provider, ProviderChanges, ProviderKind, ProviderTrial,
};

/// What stands in the form.
#[derive(Clone, Copy)]
pub struct Values {
    /// [`ProviderKind::label`].
    pub kind: RwSignal<String>,
    pub name: RwSignal<String>,
    pub base_url: RwSignal<String>,
    pub api_key: RwSignal<String>,
    pub remove_key: RwSignal<bool>,
    /// One name a line.
    pub models: RwSignal<String>,
    pub saved: StoredValue<Option<Provider>>,
}

impl Values {
    /// Those of a saved provider, or of a new one.
    pub fn new(saved: Option<Provider>) -> Self {
        let kind = saved.as_ref().map_or(ProviderKind::OpenAi, |saved| saved.kind);
        let text = |text: fn(&Provider) -> String| saved.as_ref().map(text).unwrap_or_default();
        let name = saved.as_ref().map_or(kind.label().to_owned(), |saved| saved.name.clone());
        Self {
            kind: RwSignal::new(kind.label().to_owned()),
            name: RwSignal::new(name),
            base_url: RwSignal::new(text(|saved| saved.base_url.clone())),
            api_key: RwSignal::new(String::new()),
            remove_key: RwSignal::new(false),
            models: RwSignal::new(text(|saved| saved.models.join("\n"))),
            saved: StoredValue::new(saved),
        }
    }

    pub fn kind(self) -> ProviderKind {
        kind_of(&self.kind.get())
    }

    /// A name that nobody has chosen follows the kind.
    pub fn name_after(self, kind: &str) {
        let is_usual = self.name.with_untracked(|name| {
            name.trim().is_empty() || ProviderKind::ALL.iter().any(|kind| kind.label() == name)
        });
        if is_usual {
            self.name.set(kind.to_owned());
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
            kind: kind_of(&self.kind.get_untracked()),
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
            kind: kind_of(&self.kind.get_untracked()),
            base_url: typed(self.base_url),
            api_key: self.key(),
            model: self.names().into_iter().next(),
        }
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

fn kind_of(label: &str) -> ProviderKind {
    let known = ProviderKind::ALL.into_iter().find(|kind| kind.label() == label);
    known.unwrap_or(ProviderKind::OpenAi)
}
