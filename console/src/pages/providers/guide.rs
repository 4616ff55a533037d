use leptos::prelude::*;

use cavuer_protocol::console::ModelInfo;

use crate::components::badge::{Badge, Tone};
use crate::components::section::Section;
use crate::components::skeleton::SkeletonRows;
use crate::loader::{Loader, loaded};
use crate::pages::model_select::label;
use crate::text::{t, told};

/// Every model that agents are offered, and what it is good for.
#[component]
pub fn Guide(models: Loader<Vec<ModelInfo>>) -> impl IntoView {
    let words = &t().providers;
    view! {
        <Section title=words.guide about=words.guide_about>
            {loaded(
                models,
                || view! { <SkeletonRows count=4/> },
                |models| view! {
                    <ul class="model-guide card">
                        {models.into_iter().map(|model| view! { <Row model/> }).collect_view()}
                    </ul>
                },
            )}
        </Section>
    }
}

#[component]
fn Row(model: ModelInfo) -> impl IntoView {
    let words = &t().providers;
    let label = label(&model);
    let note = told(&model.note, model.notice.as_ref());
    let (text, tone) = match model.available {
        true => (words.ready, Tone::Success),
        false => (words.needs_key, Tone::Neutral),
    };
    view! {
        <li>
            <div class="model-head">
                <h3>{label}</h3>
                <Badge text=text tone=tone/>
            </div>
            <p class="muted">{note}</p>
        </li>
    }
}
