use leptos::prelude::*;

use cavuer_protocol::widget::Position;

use crate::components::icon::Icon;
use crate::text::t;
use cavuer_protocol::color::Color;

use super::values::ChannelValues;

/// Bubble and panel in small, as the fields say now. Everything typed appears as text.
#[component]
pub fn Preview(values: ChannelValues, agent: String) -> impl IntoView {
    let words = &t().channel;
    // While a colour is being typed, the last readable one stays.
    let color = Memo::new(move |last: Option<&Color>| {
        let typed = values.color.with(|color| Color::parse(color));
        typed.or(last.copied()).unwrap_or(Color::BLACK)
    });
    let title = {
        let agent = agent.clone();
        move || {
            let title = values.title.get();
            if title.trim().is_empty() { agent.clone() } else { title }
        }
    };
    let greeting = move || {
        let greeting = values.greeting.get();
        (!greeting.trim().is_empty())
            .then(|| view! { <p class="preview-message" dir="auto">{greeting}</p> })
    };
    view! {
        <figure class="preview">
            <figcaption class="code-name">{words.preview}</figcaption>
            <div
                class="preview-stage"
                class:is-left=move || values.placed() == Position::Left
                style=("--preview-color", move || color.get().hex())
                style=("--preview-on-color", move || color.get().text_on_it().0.hex())
            >
                <div class="preview-panel">
                    <div class="preview-head">
                        <span class="preview-avatar" aria-hidden="true">{Icon::Agent.view()}</span>
                        <div class="preview-words">
                            <p class="preview-title" dir="auto">{title}</p>
                            <p class="preview-state">{words.preview_state}</p>
                        </div>
                    </div>
                    <div class="preview-body">
                        {greeting}
                        <p class="preview-message is-own">{words.preview_question}</p>
                    </div>
                </div>
                <span class="preview-bubble" aria-hidden="true">{Icon::Channel.view()}</span>
            </div>
        </figure>
    }
}
