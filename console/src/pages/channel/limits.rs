use leptos::prelude::*;

use cavuer_protocol::limits::DAILY_LIMIT;

use crate::components::field::{Field, described_by};
use crate::components::section::Section;
use crate::components::unique_id;
use crate::form::Form;
use crate::text::t;

use super::values::ChannelValues;

/// How much of a day's answers and tokens the channel may use up.
#[component]
pub fn Limits(values: ChannelValues, form: Form) -> impl IntoView {
    let words = &t().channel;
    view! {
        <Section title=words.limits about=words.limits_about>
            <Limit
                label=words.limit_answers
                hint=words.limit_answers_hint
                value=values.daily_answers
                error=form.field("limits.answers")
            />
            <Limit
                label=words.limit_visitor
                value=values.daily_visitor_answers
                error=form.field("limits.visitor_answers")
            />
            <Limit
                label=words.limit_tokens
                hint=words.limit_tokens_hint
                value=values.daily_tokens
                error=form.field("limits.tokens")
            />
        </Section>
    }
}

/// A number, or nothing for no limit.
#[component]
fn Limit(
    label: &'static str,
    #[prop(optional, into)] hint: MaybeProp<String>,
    value: RwSignal<String>,
    error: Signal<Option<String>>,
) -> impl IntoView {
    let id = unique_id("limit");
    view! {
        <Field id=id.clone() label=label hint=hint error=error>
            <input
                class="input is-number"
                id=id.clone()
                type="number"
                inputmode="numeric"
                min="1"
                max=DAILY_LIMIT.to_string()
                step="1"
                placeholder=t().channel.no_limit
                aria-describedby=described_by(&id)
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                bind:value=value
            />
        </Field>
    }
}
