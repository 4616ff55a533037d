use leptos::prelude::*;

use cavuer_protocol::console::{OfferedModel, ProviderTried};

use crate::components::badge::{Note, Tone};
use crate::components::icon::Icon;
use crate::components::unique_id;
use crate::text::{t, told};

use super::values::Values;

/// Models from which on they can be searched.
const MANY: usize = 8;
/// Most models that are drawn at once.
const DRAWN: usize = 100;

/// What came of a test, and the models to choose from.
#[component]
pub fn TrialResult(tried: ProviderTried, values: Values) -> impl IntoView {
    let words = &t().providers;
    let (title, tone, icon) = match tried.works {
        true => (words.works, Tone::Success, Icon::Check),
        false => (words.fails, Tone::Danger, Icon::Warning),
    };
    let message = told(&tried.message, tried.notice.as_ref());
    view! {
        <Note tone=tone icon=icon>
            <p><strong>{title}</strong> ". " {message}</p>
        </Note>
        {(!tried.models.is_empty()).then(|| view! { <Offered models=tried.models values=values/> })}
    }
}

#[component]
fn Offered(models: Vec<OfferedModel>, values: Values) -> impl IntoView {
    let words = &t().providers;
    let filter = RwSignal::new(String::new());
    let many = models.len() >= MANY;
    let rows = move || {
        let wanted = filter.get().trim().to_lowercase();
        let fitting = models.iter().filter(|model| model.name.to_lowercase().contains(&wanted));
        let rows: Vec<_> = fitting
            .take(DRAWN)
            .cloned()
            .map(|model| view! { <OfferedRow model=model values=values/> })
            .collect();
        if rows.is_empty() {
            return view! { <p class="muted">{words.offered_none}</p> }.into_any();
        }
        rows.into_any()
    };
    view! {
        <fieldset class="offered">
            <legend>{words.offered}</legend>
            {many.then(|| view! {
                <input
                    class="input"
                    type="search"
                    aria-label=words.offered_filter
                    placeholder=words.offered_filter
                    bind:value=filter
                />
            })}
            <div class="offered-rows" tabindex="-1">{rows}</div>
        </fieldset>
    }
}

#[component]
fn OfferedRow(model: OfferedModel, values: Values) -> impl IntoView {
    let id = unique_id("model");
    let note_id = format!("{id}-note");
    let note = told(&model.note, model.notice.as_ref());
    let (checked, toggled) = (model.name.clone(), model.name.clone());
    view! {
        <div class="offered-row">
            <input
                type="checkbox"
                id=id.clone()
                aria-describedby=note_id.clone()
                prop:checked=move || values.has_model(&checked)
                on:change=move |_| values.toggle_model(&toggled)
            />
            <div>
                <label for=id dir="ltr">{model.name}</label>
                <p class="field-hint" id=note_id>{note}</p>
            </div>
        </div>
    }
}
