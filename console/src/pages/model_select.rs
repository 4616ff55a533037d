use leptos::prelude::*;

use cavuer_protocol::console::ModelInfo;

use crate::components::select::{Choice, Select};
use crate::loader::{Load, Loader};
use crate::text::{fill, t, told};

/// Chooses a language model; says what the chosen one is good for, and why others cannot be used.
#[component]
pub fn ModelSelect(
    models: Loader<Vec<ModelInfo>>,
    value: RwSignal<String>,
    error: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <Select
            label=t().agents.model
            value=value
            choices=Signal::derive(move || choices(models, value))
            hint=MaybeProp::derive(move || note_of(models, value))
            error=error
        />
    }
}

/// Chooses the model that answers when the main one cannot, or none.
#[component]
pub fn FallbackSelect(
    models: Loader<Vec<ModelInfo>>,
    /// Empty for none.
    value: RwSignal<String>,
    /// The main model, which is no choice here.
    main: RwSignal<String>,
    error: Signal<Option<String>>,
) -> impl IntoView {
    let words = &t().agents;
    let choices = move || {
        let mut choices = choices(models, value);
        choices.retain(|choice| main.with(|main| choice.value != *main || value.get() == *main));
        let none =
            Choice { value: String::new(), label: words.no_fallback.to_owned(), disabled: false };
        choices.insert(0, none);
        choices
    };
    let hint = move || note_of(models, value).unwrap_or_else(|| words.fallback_hint.to_owned());
    view! {
        <Select
            label=words.fallback
            value=value
            choices=Signal::derive(choices)
            hint=MaybeProp::derive(move || Some(hint()))
            error=error
        />
    }
}

fn choices(models: Loader<Vec<ModelInfo>>, value: RwSignal<String>) -> Vec<Choice> {
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
}

fn note_of(models: Loader<Vec<ModelInfo>>, value: RwSignal<String>) -> Option<String> {
    models.state.with(|models| match models {
        Load::Ready(models) => value.with(|id| models.iter().find(|m| m.id == *id).map(note)),
        Load::Failed(error) => Some(error.message()),
        Load::Waiting => None,
    })
}

fn choice(model: &ModelInfo) -> Choice {
    let label = if model.available {
        label(model)
    } else {
        fill(t().agents.model_unavailable, &[("label", &label(model))])
    };
    Choice { value: model.id.clone(), label, disabled: !model.available }
}

/// What people call a model.
pub(crate) fn label(model: &ModelInfo) -> String {
    told(&model.label, model.label_notice.as_ref())
}

fn note(model: &ModelInfo) -> String {
    let note = told(&model.note, model.notice.as_ref());
    if model.available {
        return note;
    }
    let provider = model.id.split('/').next().unwrap_or_default();
    fill(t().agents.model_unavailable_hint, &[("note", &note), ("provider", provider)])
}
