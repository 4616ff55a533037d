use leptos::prelude::*;

use cavuer_protocol::console::ModelInfo;

use crate::components::select::{Choice, Select};
use crate::loader::{Load, Loader};
use crate::text::{fill, t};

/// Chooses a language model; says what the chosen one is good for, and why others cannot be used.
#[component]
pub fn ModelSelect(
    models: Loader<Vec<ModelInfo>>,
    value: RwSignal<String>,
    error: Signal<Option<String>>,
) -> impl IntoView {
    let words = &t().agents;
    let choices = Signal::derive(move || {
        let mut choices: Vec<Choice> = models.state.with(|models| match models {
            Load::Ready(models) => models.iter().map(choice).collect(),
            Load::Waiting | Load::Failed(_) => Vec::new(),
        });
        // An agent keeps a model that the server no longer lists until another one is chosen.
        let own = value.get();
        if !own.is_empty() && choices.iter().all(|choice| choice.value != own) {
            choices.push(Choice { value: own.clone(), label: own, disabled: false });
        }
        choices
    });
    let note = move || {
        models.state.with(|models| match models {
            Load::Ready(models) => value.with(|id| models.iter().find(|m| m.id == *id).map(note)),
            Load::Failed(error) => Some(error.message()),
            Load::Waiting => None,
        })
    };
    view! {
        <Select
            label=words.model
            value=value
            choices=choices
            hint=MaybeProp::derive(note)
            error=error
        />
    }
}

fn choice(model: &ModelInfo) -> Choice {
    let label = if model.available {
        model.label.clone()
    } else {
        fill(t().agents.model_unavailable, &[("label", &model.label)])
    };
    Choice { value: model.id.clone(), label, disabled: !model.available }
}

fn note(model: &ModelInfo) -> String {
    if model.available {
        return model.note.clone();
    }
    let provider = model.id.split('/').next().unwrap_or_default();
    fill(t().agents.model_unavailable_hint, &[("note", &model.note), ("provider", provider)])
}
