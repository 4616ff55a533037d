use leptos::prelude::*;

use cavuer_protocol::console::{CallState, FunctionCall};

use crate::components::badge::{Badge, Tone};
use crate::components::icon::Icon;
use crate::text::{fill, t};
use crate::time::{clock, exact, machine};

/// Puts a call among the known ones, or a newer state of it in its place.
pub fn note(calls: &mut Vec<FunctionCall>, call: FunctionCall) {
    match calls.iter_mut().find(|known| known.id == call.id) {
        // What has ended does not begin again: an answer may be older than the stream.
        Some(known) if known.ended_at.is_some() && call.ended_at.is_none() => {}
        Some(known) => *known = call,
        None => {
            let at = calls.partition_point(|known| known.began_at <= call.began_at);
            calls.insert(at, call);
        }
    }
}

/// A call as a line that unfolds.
#[component]
pub fn CallView(call: FunctionCall) -> impl IntoView {
    let words = &t().functions;
    let (state, tone) = match call.state {
        CallState::Begun => (words.call_begun, Tone::Neutral),
        CallState::Done => (words.call_done, Tone::Success),
        CallState::Failed => (words.call_failed, Tone::Danger),
        CallState::Refused => (words.call_refused, Tone::Warning),
        CallState::Unknown => (words.call_unknown, Tone::Warning),
    };
    let at = call.began_at;
    let result = (!call.result.is_empty()).then(|| {
        view! {
            <p class="muted">{words.call_result}</p>
            <pre class="code-result" tabindex="0" dir="auto">{call.result}</pre>
        }
    });
    view! {
        <details class="call">
            <summary>
                {Icon::Function.view()}
                <span class="call-name">{fill(words.called, &[("name", &call.name)])}</span>
                <Badge text=state tone=tone/>
                <time class="muted" datetime=machine(at) title=exact(at)>{clock(at)}</time>
            </summary>
            <div class="call-body">
                <p class="muted">{words.call_arguments}</p>
                <pre class="code-result" tabindex="0" dir="auto">{call.arguments}</pre>
                {result}
            </div>
        </details>
    }
}
