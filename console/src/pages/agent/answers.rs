use leptos::prelude::*;

use cavuer_protocol::language::LANGUAGES;
use cavuer_protocol::limits::INSTRUCTION_CHARS;

use crate::components::button::{Button, Weight};
use crate::components::field::{Field, TextArea, described_by};
use crate::components::radios::{Radios, Way};
use crate::components::section::Section;
use crate::components::select::{Choice, Select};
use crate::components::unique_id;
use crate::form::Form;
use crate::text::{group_digits, t};

use super::values::AgentValues;

/// What the agent says, how much of it, and in which language.
#[component]
pub fn Answers(values: AgentValues, form: Form) -> impl IntoView {
    let words = &t().agents;
    let count = move || {
        let count = values.instruction.with(|text| text.chars().count() as u64);
        format!("{} / {}", group_digits(count), group_digits(INSTRUCTION_CHARS as u64))
    };
    let empty = move || values.instruction.with(|text| text.trim().is_empty());
    let lengths = vec![
        Way { value: "short", label: words.short, about: words.short_about },
        Way { value: "medium", label: words.medium, about: words.medium_about },
        Way { value: "long", label: words.long, about: words.long_about },
    ];
    view! {
        <Section title=words.answers about=words.answers_about>
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
            <Radios label=words.length value=values.answer_length ways=lengths/>
            <Select
                label=words.language
                value=values.answer_language
                choices=languages()
                hint=words.language_hint
                error=form.field("answer_language")
            />
            <Temperature value=values.temperature error=form.field("temperature")/>
        </Section>
    }
}

/// The visitor's own, then every language that the server can write in.
fn languages() -> Vec<Choice> {
    let choice = |value: &str, label: &str| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        disabled: false,
    };
    let own = choice("", t().agents.language_visitor);
    let fixed = LANGUAGES.iter().map(|language| choice(language.tag, language.name));
    std::iter::once(own).chain(fixed).collect()
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
