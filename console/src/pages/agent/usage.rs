use leptos::prelude::*;

use cavuer_protocol::AgentId;
use cavuer_protocol::console::{AgentUsage, UsageDay};

use crate::api::use_workspace;
use crate::components::section::Section;
use crate::components::skeleton::SkeletonRows;
use crate::loader::{loaded, use_loader};
use crate::text::{fill, group_digits, plural, t};
use crate::time::date_utc;
use crate::units::{compact, dollars, seconds};

/// What the agent's answers of the last days took.
#[component]
pub fn Usage(agent: AgentId) -> impl IntoView {
    let words = &t().agents;
    let workspace = use_workspace();
    let usage = use_loader(move || workspace.agent_usage(agent));
    view! {
        <Section title=words.usage about=words.usage_about>
            {loaded(usage, || view! { <SkeletonRows count=2/> }, |usage| view! { <Figures usage=usage/> })}
        </Section>
    }
}

#[component]
fn Figures(usage: AgentUsage) -> impl IntoView {
    let words = &t().agents;
    if usage.answers == 0 {
        return view! { <p class="muted">{words.no_usage}</p> }.into_any();
    }
    let tokens = fill(
        words.tokens_split,
        &[("read", &compact(usage.input_tokens)), ("written", &compact(usage.output_tokens))],
    );
    let unpriced = (usage.unpriced_answers > 0)
        .then(|| plural(usage.unpriced_answers, words.one_unpriced, words.unpriced));
    let first = usage.median_first_token_millis.map_or_else(String::new, seconds);
    let figure = |name: &'static str, value: String, note: Option<String>| {
        view! {
            <div class="figure">
                <dt>{name}</dt>
                <dd>{value}</dd>
                {note.map(|note| view! { <dd class="figure-note">{note}</dd> })}
            </div>
        }
    };
    view! {
        <dl class="figures">
            {figure(words.usage_answers, group_digits(usage.answers), None)}
            {figure(words.usage_tokens, compact(usage.input_tokens + usage.output_tokens), Some(tokens))}
            {figure(words.usage_cost, dollars(usage.cost_micros), unpriced)}
            {figure(words.usage_first, first, None)}
        </dl>
        <Bars days=usage.days/>
    }
    .into_any()
}

/// One bar a day. The figures above say the same in words, so it is one image to a screen reader.
#[component]
fn Bars(days: Vec<UsageDay>) -> impl IntoView {
    let words = &t().agents;
    let most = days.iter().map(|day| day.answers).max().unwrap_or_default().max(1);
    let (first, last) = (days.first().cloned(), days.last().cloned());
    let bar = |day: UsageDay| {
        let height = (day.answers * 100).div_ceil(most);
        let count = plural(day.answers, words.one_answer, words.answers_count);
        let title = format!("{}: {count}", date_utc(day.starts_at));
        // Set by property: the page's policy forbids style attributes.
        view! { <span class="bar" title=title style:height=format!("{height}%")></span> }
    };
    let end = |day: Option<UsageDay>| day.map(|day| date_utc(day.starts_at));
    view! {
        <div>
            <div class="bars" role="img" aria-label=words.usage_bars>
                {days.into_iter().map(bar).collect_view()}
            </div>
            <p class="bars-ends muted" aria-hidden="true">
                <span>{end(first)}</span>
                <span>{end(last)}</span>
            </p>
        </div>
    }
}
