use leptos::prelude::*;

use cavuer_protocol::console::SpeechModel;

use crate::api::use_workspace;
use crate::components::section::Section;
use crate::components::select::{Choice, Select};
use crate::components::switch::Switch;
use crate::form::Form;
use crate::loader::{Load, use_loader};
use crate::text::t;

use super::values::AgentValues;

/// The id of the answerer that needs no provider.
const BUILT_IN: &str = "built-in";

/// What the agent does with images, files and voice messages.
#[component]
pub fn Senses(values: AgentValues, form: Form) -> impl IntoView {
    let words = &t().agents;
    let workspace = use_workspace();
    let models = use_loader(move || workspace.speech_models());
    let nobody_hears = Memo::new(move |_| {
        models.state.with(|models| matches!(models, Load::Ready(models) if models.is_empty()))
    });
    let images_hint = move || match values.model.with(|model| model == BUILT_IN) {
        true => words.images_built_in,
        false => words.images_hint,
    };
    let audio_hint = move || if nobody_hears.get() { words.audio_nobody } else { words.audio_hint };
    let choices = move || {
        models.state.with(|models| match models {
            Load::Ready(models) => choices(models, &values.speech_model.get()),
            Load::Waiting | Load::Failed(_) => choices(&[], &values.speech_model.get()),
        })
    };
    view! {
        <Section title=words.senses about=words.senses_about>
            <Switch
                label=words.images
                hint=MaybeProp::derive(move || Some(images_hint().to_owned()))
                value=values.process_images
            />
            <Switch
                label=words.audio
                hint=MaybeProp::derive(move || Some(audio_hint().to_owned()))
                value=values.process_audio
            />
            <Show when=move || values.process_audio.get() && !nobody_hears.get()>
                <Select
                    label=words.speech
                    value=values.speech_model
                    choices=Signal::derive(choices)
                    hint=words.speech_hint
                    error=form.field("speech_model")
                />
            </Show>
        </Section>
    }
}

/// The first at hand, or one of those that are; an agent keeps one that is listed no longer.
fn choices(models: &[SpeechModel], own: &str) -> Vec<Choice> {
    let choice = |value: &str, label: &str| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        disabled: false,
    };
    let listed = models.iter().map(|model| choice(&model.id, &model.label));
    let mut all: Vec<_> =
        std::iter::once(choice("", t().agents.speech_auto)).chain(listed).collect();
    if all.iter().all(|choice| choice.value != own) {
        all.push(choice(own, own));
    }
    all
}
