//! Labelled text inputs. Hint and error are tied to the input, so that they are read out with it.

use leptos::prelude::*;

use crate::text::{fill, group_digits, t};

use super::unique_id;

/// A labelled frame around one control.
#[component]
pub fn Field(
    /// The control's `id`.
    id: String,
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] hint: MaybeProp<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    /// Shown at the end of the label's line, for example a count.
    #[prop(optional, into)]
    aside: MaybeProp<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="field">
            <div class="field-head">
                <label for=id.clone()>{label}</label>
                {move || aside.get().map(|aside| view! { <span class="field-aside">{aside}</span> })}
            </div>
            {children()}
            <FieldNotes id=id hint=hint error=error/>
        </div>
    }
}

/// Hint and error under a control.
#[component]
pub fn FieldNotes(
    id: String,
    #[prop(optional, into)] hint: MaybeProp<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let hint_id = hint_id(&id);
    let error_id = error_id(&id);
    view! {
        {move || {
            hint.get().map(|hint| view! { <p class="field-hint" id=hint_id.clone()>{hint}</p> })
        }}
        <p class="field-error" id=error_id aria-live="polite">
            {move || error.get()}
        </p>
    }
}

/// What `aria-describedby` of a control in a [`Field`] says.
pub fn described_by(id: &str) -> String {
    format!("{} {}", hint_id(id), error_id(id))
}

fn hint_id(id: &str) -> String {
    format!("{id}-hint")
}

fn error_id(id: &str) -> String {
    format!("{id}-error")
}

/// A line of text.
#[component]
pub fn TextField(
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    #[prop(optional, into)] hint: MaybeProp<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional, into)] aside: MaybeProp<String>,
    /// `type` of the input.
    #[prop(default = "text")]
    kind: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional, into)] placeholder: String,
    #[prop(optional)] autofocus: bool,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let id = unique_id("field");
    view! {
        <Field id=id.clone() label=label hint=hint error=error aside=aside>
            <input
                class="input"
                id=id.clone()
                type=kind
                autocomplete=autocomplete
                placeholder=placeholder
                autofocus=autofocus
                required=required
                aria-describedby=described_by(&id)
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                bind:value=value
            />
        </Field>
    }
}

/// Several lines of text.
#[component]
pub fn TextArea(
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    #[prop(optional, into)] hint: MaybeProp<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional, into)] aside: MaybeProp<String>,
    #[prop(default = 4)] rows: u32,
    #[prop(optional, into)] placeholder: String,
    #[prop(default = "input")] class: &'static str,
) -> impl IntoView {
    let id = unique_id("field");
    view! {
        <Field id=id.clone() label=label hint=hint error=error aside=aside>
            <textarea
                class=class
                id=id.clone()
                rows=rows.to_string()
                placeholder=placeholder
                dir="auto"
                aria-describedby=described_by(&id)
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                bind:value=value
            ></textarea>
        </Field>
    }
}

/// A whole number, kept as typed until it is read by [`number`].
#[component]
pub fn NumberField(
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    #[prop(optional, into)] hint: MaybeProp<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    min: u32,
    max: u32,
    /// What is counted, shown behind the input.
    #[prop(into)]
    unit: Signal<String>,
) -> impl IntoView {
    let id = unique_id("field");
    view! {
        <Field id=id.clone() label=label hint=hint error=error>
            <span class="number-field">
                <input
                    class="input"
                    id=id.clone()
                    type="number"
                    inputmode="numeric"
                    min=min.to_string()
                    max=max.to_string()
                    step="1"
                    aria-describedby=described_by(&id)
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    bind:value=value
                />
                <span class="muted">{unit}</span>
            </span>
        </Field>
    }
}

/// Reads what was typed into a [`NumberField`].
pub fn number(typed: &str, min: u32, max: u32) -> Option<u32> {
    typed.trim().parse().ok().filter(|number| (min..=max).contains(number))
}

/// What is wrong with what was typed into a [`NumberField`].
pub fn check_number(typed: &str, min: u32, max: u32) -> Option<String> {
    number(typed, min, max).is_none().then(|| {
        let (min, max) = (group_digits(min.into()), group_digits(max.into()));
        fill(t().common.number_range, &[("min", &min), ("max", &max)])
    })
}
