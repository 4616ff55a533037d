use leptos::prelude::*;

use cavuer_protocol::console::Agent;
use cavuer_protocol::limits::RETENTION_DAYS;

use crate::components::field::NumberField;
use crate::components::section::Section;
use crate::form::Form;
use crate::route;
use crate::text::t;

use super::values::AgentValues;

/// How long conversations are kept, and where a day's answers are limited.
#[component]
pub fn Limits(values: AgentValues, form: Form, saved: RwSignal<Agent>) -> impl IntoView {
    let words = &t().agents;
    let channels = Memo::new(move |_| saved.with(|agent| agent.channels.clone()));
    view! {
        <Section title=words.limits about=words.limits_about>
            <NumberField
                label=words.retention
                value=values.retention_days
                hint=words.retention_hint
                min=0
                max=RETENTION_DAYS
                unit=words.days
                error=form.field("retention_days")
            />
            <Show when=move || !channels.with(Vec::is_empty)>
                <div>
                    <h3 class="field-title">{words.daily_limits}</h3>
                    <p class="field-hint">{words.daily_limits_hint}</p>
                    <ul class="plain-list is-spaced">
                        {move || {
                            let row = |(id, name)| {
                                view! { <li><a href=route::channel(id)>{name}</a></li> }
                            };
                            let channels = channels.get().into_iter();
                            channels.map(|channel| row((channel.id, channel.name))).collect_view()
                        }}
                    </ul>
                </div>
            </Show>
        </Section>
    }
}
