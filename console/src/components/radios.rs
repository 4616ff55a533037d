use leptos::prelude::*;

use super::unique_id;

/// One of a few ways, each with a line that says what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    pub value: &'static str,
    pub label: &'static str,
    pub about: &'static str,
}

/// A choice between a few ways that want an explanation; where none is needed, a
/// [`super::select::Select`] is shorter.
#[component]
pub fn Radios(
    #[prop(into)] label: String,
    value: RwSignal<String>,
    ways: Vec<Way>,
) -> impl IntoView {
    let name = unique_id("radios");
    let way = |way: Way| {
        view! {
            <label class="radio-row">
                <input
                    type="radio"
                    name=name.clone()
                    value=way.value
                    prop:checked=move || value.with(|value| value == way.value)
                    on:change=move |_| value.set(way.value.to_owned())
                />
                <span>
                    <span class="radio-label">{way.label}</span>
                    <span class="field-hint">{way.about}</span>
                </span>
            </label>
        }
    };
    view! {
        <fieldset class="radios">
            <legend>{label}</legend>
            {ways.into_iter().map(way).collect_view()}
        </fieldset>
    }
}
