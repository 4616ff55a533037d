use leptos::prelude::*;

use crate::components::button::{Button, Weight};
use crate::components::icon::Icon;
use crate::route;
use crate::text::t;

/// What a new workspace shows: the way from nothing to the first answer.
#[component]
pub fn FirstSteps(creating: RwSignal<bool>) -> impl IntoView {
    let words = &t().agents;
    let step = |number: u32, title: &'static str, about: &'static str| {
        view! {
            <li class="step">
                <span class="step-number" aria-hidden="true">{number}</span>
                <div>
                    <h3>{title}</h3>
                    <p class="muted">{about}</p>
                </div>
            </li>
        }
    };
    view! {
        <section class="card first-steps">
            <h2>{words.empty_title}</h2>
            <p class="muted">{words.empty_body}</p>
            <ol class="steps">
                {step(1, words.step_agent, words.step_agent_about)}
                {step(2, words.step_knowledge, words.step_knowledge_about)}
                {step(3, words.step_channel, words.step_channel_about)}
            </ol>
            <div class="first-actions">
                <Button
                    label=words.create
                    weight=Weight::Primary
                    icon=Icon::Plus
                    on_press=move || creating.set(true)
                />
                <a class="button" href=route::knowledge()>{words.step_knowledge}</a>
            </div>
        </section>
    }
}
