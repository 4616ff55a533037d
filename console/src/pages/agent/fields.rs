use leptos::prelude::*;

use cavuer_protocol::console::ModelInfo;
use cavuer_protocol::limits::{INSTRUCTION_CHARS, MAX_PASSAGES, RESPONSE_DELAY_SECONDS};

use crate::components::button::{Button, Weight};
use crate::components::field::{Field, NumberField, TextArea, TextField, described_by};
use crate::components::section::Section;
use crate::components::unique_id;
use crate::form::Form;
use crate::loader::Loader;
use crate::text::{group_digits, t};

use super::model_select::ModelSelect;
use super::values::AgentValues;

/// Name and model.
#[component]
pub fn Basics(values: AgentValues, form: Form, models: Loader<Vec<ModelInfo>>) -> impl IntoView {
    let words = &t().agents;
    view! {
        <Section title=words.basics about=words.basics_about>
            <TextField label=t().common.name value=values.name error=form.field("name")/>
            <ModelSelect models=models value=values.model error=form.field("model")/>
        </Section>
    }
}

/// Instruction, temperature, delay and passages.
#[component]
pub fn Behaviour(values: AgentValues, form: Form) -> impl IntoView {
    let words = &t().agents;
    let count = move || {
        let count = values.instruction.with(|text| text.chars().count() as u64);
        format!("{} / {}", group_digits(count), group_digits(INSTRUCTION_CHARS as u64))
    };
    let empty = move || values.instruction.with(|text| text.trim().is_empty());
    view! {
        <Section title=words.behaviour about=words.behaviour_about>
            <TextArea
                label=words.instruction
                value=values.instruction
                rows=10
                placeholder=words.instruction_placeholder
                aside=Signal::derive(count)
                error=form.field("instruction")
            />
            <Show when=empty>
                <div>
                    <Button
                        label=words.insert_example
                        weight=Weight::Secondary
                        on_press=move || values.instruction.set(words.example.to_owned())
                    />
                </div>
            </Show>
            <Temperature value=values.temperature error=form.field("temperature")/>
            <NumberField
                label=words.delay
                value=values.delay
                hint=words.delay_hint
                min=0
                max=RESPONSE_DELAY_SECONDS
                unit=words.seconds
                error=form.field("response_delay")
            />
            <NumberField
                label=words.passages
                value=values.passages
                hint=words.passages_hint
                min=1
                max=MAX_PASSAGES
                unit=words.pieces
                error=form.field("max_passages")
            />
        </Section>
    }
}

/// 0 to 1 in tenths.
#[component]
fn Temperature(value: RwSignal<String>, error: Signal<Option<String>>) -> impl IntoView {
    let words = &t().agents;
    let id = unique_id("field");
    let shown = move || {
        let tenths: f64 = value.with(|value| value.parse().unwrap_or_default());
        format!("{:.1}", tenths / 10.0)
    };
    view! {
        <Field
            id=id.clone()
            label=words.temperature
            hint=words.temperature_hint
            aside=Signal::derive(shown)
            error=error
        >
            <input
                class="slider"
                id=id.clone()
                type="range"
                min="0"
                max="10"
                step="1"
                aria-valuetext=shown
                aria-describedby=described_by(&id)
                bind:value=value
            />
        </Field>
    }
}
