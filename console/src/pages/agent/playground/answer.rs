use leptos::prelude::*;

use cavuer_protocol::console::{
    PlaygroundAnswer, PlaygroundCall, PlaygroundOutcome, PlaygroundPassage, PlaygroundPrompt,
    PlaygroundRole,
};

use crate::components::badge::{Badge, Note, Tone};
use crate::components::icon::Icon;
use crate::components::rich_text::rich_text;
use crate::components::sources::Sources;
use crate::pages::thread::usage_line;
use crate::route;
use crate::text::{fill, plural, t, told_if_any};

/// An answer, and under it how it came about.
#[component]
pub fn AnswerView(answer: PlaygroundAnswer) -> impl IntoView {
    let words = &t().playground;
    let PlaygroundAnswer {
        text,
        failure,
        failure_notice,
        fallback_reason,
        fallback_notice,
        person_wanted,
        sources,
        passages,
        prompt,
        calls,
        usage,
    } = answer;
    let said = (!text.is_empty()).then(|| {
        view! { <div class="message-text playground-text" dir="auto">{rich_text(&text)}</div> }
    });
    let note = |tone, icon, text: String| {
        view! { <Note tone=tone icon=icon><p>{text}</p></Note> }
    };
    let person = person_wanted.map(|reason| match reason.as_str() {
        "" => words.person.to_owned(),
        reason => fill(words.person_because, &[("reason", reason)]),
    });
    let failed = told_if_any(failure.as_deref(), failure_notice.as_ref())
        .map(|reason| fill(words.failed, &[("reason", &reason)]));
    let fallback = told_if_any(fallback_reason.as_deref(), fallback_notice.as_ref())
        .map(|reason| fill(words.fallback, &[("reason", &reason)]));
    view! {
        {calls.into_iter().map(|call| view! { <CallView call=call/> }).collect_view()}
        {said}
        {failed.map(|text| note(Tone::Danger, Icon::Warning, text))}
        {fallback.map(|text| note(Tone::Warning, Icon::Model, text))}
        {person.map(|text| note(Tone::Accent, Icon::Hand, text))}
        <Sources sources=sources/>
        <p class="message-foot muted">{usage_line(&usage)}</p>
        <Passages passages=passages/>
        <Prompt prompt=prompt/>
    }
}

#[component]
fn CallView(call: PlaygroundCall) -> impl IntoView {
    let words = &t().playground;
    let functions = &t().functions;
    let (title, state, tone) = match call.outcome {
        PlaygroundOutcome::Withheld => (words.would_call, words.withheld, Tone::Neutral),
        PlaygroundOutcome::Done => (words.called, functions.call_done, Tone::Success),
        PlaygroundOutcome::Failed => (words.called, functions.call_failed, Tone::Danger),
        PlaygroundOutcome::Refused => (words.would_call, functions.call_refused, Tone::Warning),
    };
    let was_made = matches!(call.outcome, PlaygroundOutcome::Done | PlaygroundOutcome::Failed);
    let millis = was_made.then(|| fill(words.millis, &[("millis", &call.millis.to_string())]));
    view! {
        <details class="call" open=true>
            <summary>
                {Icon::Function.view()}
                <span class="call-name">{fill(title, &[("name", &call.name)])}</span>
                <Badge text=state tone=tone/>
                <span class="muted call-time">{millis}</span>
            </summary>
            <div class="call-body">
                <p class="muted">{functions.call_arguments}</p>
                <pre class="code-result" tabindex="0" dir="auto">{call.arguments}</pre>
                <p class="muted">{words.told}</p>
                <pre class="code-result" tabindex="0" dir="auto">{call.result}</pre>
            </div>
        </details>
    }
}

#[component]
fn Passages(passages: Vec<PlaygroundPassage>) -> impl IntoView {
    let words = &t().playground;
    if passages.is_empty() {
        return view! { <p class="message-foot muted">{words.no_passages}</p> }.into_any();
    }
    let count = plural(passages.len() as u64, words.one_passage, words.passages);
    let row = |passage: PlaygroundPassage| {
        let page = passage.page.map(|page| fill(t().chats.page, &[("page", &page.to_string())]));
        let score = fill(words.score, &[("score", &format!("{:.1}", passage.score))]);
        view! {
            <li>
                <p class="passage-head">
                    <a href=route::article(passage.article)>{passage.title}</a>
                    <span class="muted">{page}</span>
                    {passage.used.then(|| view! { <Badge text=words.used tone=Tone::Success/> })}
                    <span class="muted passage-score">{score}</span>
                </p>
                <pre class="code-result" tabindex="0" dir="auto">{passage.text}</pre>
            </li>
        }
    };
    view! {
        <details class="call">
            <summary>{Icon::Search.view()} <span class="call-name">{count}</span></summary>
            <ol class="call-body">{passages.into_iter().map(row).collect_view()}</ol>
        </details>
    }
    .into_any()
}

#[component]
fn Prompt(prompt: Option<PlaygroundPrompt>) -> impl IntoView {
    let words = &t().playground;
    let Some(PlaygroundPrompt { system, messages, functions }) = prompt else {
        return view! { <p class="message-foot muted">{words.no_prompt}</p> }.into_any();
    };
    let part = |name: &'static str, text: String| {
        view! {
            <p class="muted">{name}</p>
            <pre class="code-result" tabindex="0" dir="auto">{text}</pre>
        }
    };
    let messages = messages.into_iter().map(|message| {
        let name = match message.by {
            PlaygroundRole::Visitor => words.visitor,
            PlaygroundRole::Agent => words.agent,
        };
        part(name, message.text)
    });
    let functions = (!functions.is_empty()).then(|| part(words.functions, functions.join("\n")));
    view! {
        <details class="call">
            <summary>{Icon::Model.view()} <span class="call-name">{words.prompt}</span></summary>
            <div class="call-body">
                {part(words.system, system)} {messages.collect_view()} {functions}
            </div>
        </details>
    }
    .into_any()
}
