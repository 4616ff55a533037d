use leptos::prelude::*;

use cavuer_protocol::limits::{HISTORY_MESSAGES, LONGEST_DELAY_SECONDS, RESPONSE_DELAY_SECONDS};

use crate::components::field::NumberField;
use crate::components::radios::{Radios, Way};
use crate::components::section::Section;
use crate::form::Form;
use crate::text::t;

use super::values::AgentValues;

/// When the agent answers, and what of the conversation it has in mind.
#[component]
pub fn ConversationFields(values: AgentValues, form: Form) -> impl IntoView {
    let words = &t().agents;
    let ways = vec![
        Way { value: "wait", label: words.wait, about: words.wait_about },
        Way { value: "restart", label: words.restart, about: words.restart_about },
    ];
    let waits =
        Memo::new(move |_| values.response_delay.with(|delay| !matches!(delay.trim(), "" | "0")));
    let restarts = Memo::new(move |_| values.mid_answer.with(|way| way == "restart"));
    view! {
        <Section title=words.conversation about=words.conversation_about>
            <NumberField
                label=words.delay
                value=values.response_delay
                hint=words.delay_hint
                min=0
                max=RESPONSE_DELAY_SECONDS
                unit=words.seconds
                error=form.field("response_delay")
            />
            <Radios label=words.mid_answer value=values.mid_answer ways=ways/>
            <Show when=move || waits.get() || restarts.get()>
                <NumberField
                    label=words.longest_delay
                    value=values.longest_delay
                    hint=words.longest_delay_hint
                    min=0
                    max=LONGEST_DELAY_SECONDS
                    unit=words.seconds
                    error=form.field("longest_delay")
                />
            </Show>
            <NumberField
                label=words.history
                value=values.history_messages
                hint=words.history_hint
                min=0
                max=HISTORY_MESSAGES
                unit=words.messages
                error=form.field("history_messages")
            />
        </Section>
    }
}
