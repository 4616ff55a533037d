use leptos::prelude::*;

use cavuer_protocol::limits::GREETING_CHARS;

use crate::components::color_field::ColorField;
use crate::components::field::{TextArea, TextField};
use crate::components::section::Section;
use crate::components::select::{Choice, Select};
use crate::form::Form;
use crate::text::t;

use super::preview::Preview;
use super::values::ChannelValues;

/// How bubble and panel look, with a live preview.
#[component]
pub fn AppearanceFields(values: ChannelValues, form: Form, agent: String) -> impl IntoView {
    let words = &t().channel;
    let either = |one: Signal<Option<String>>, other: Signal<Option<String>>| {
        Signal::derive(move || one.get().or_else(|| other.get()))
    };
    let greeting_count = move || {
        let count = values.greeting.with(|text| text.chars().count());
        format!("{count} / {GREETING_CHARS}")
    };
    let positions = choices([("right", words.right), ("left", words.left)]);
    let policies = choices([
        ("auto", words.attachments_auto),
        ("on", words.attachments_on),
        ("off", words.attachments_off),
    ]);
    view! {
        <Section title=words.settings about=words.settings_about>
            <TextField label=words.name_label value=values.name error=form.field("name")/>
            <TextField
                label=words.title
                value=values.title
                error=either(form.field("title"), form.field("appearance.title"))
            />
            <TextArea
                label=words.greeting
                value=values.greeting
                hint=words.greeting_hint
                aside=Signal::derive(greeting_count)
                rows=3
                error=either(form.field("greeting"), form.field("appearance.greeting"))
            />
            <div class="field-pair">
                <ColorField
                    label=words.color
                    value=values.color
                    error=either(form.field("color"), form.field("appearance.color"))
                />
                <Select label=words.position value=values.position choices=positions/>
            </div>
            <Select
                label=words.attachments
                value=values.attachments
                choices=policies
                hint=words.attachments_hint
            />
            <Preview values=values agent=agent/>
        </Section>
    }
}

fn choices<const N: usize>(choices: [(&str, &str); N]) -> Vec<Choice> {
    let choice = |(value, label): (&str, &str)| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        disabled: false,
    };
    choices.map(choice).into()
}
