//! A conversation with the agent as it would be with what stands in the form.

mod answer;

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::task::{spawn_local, tick};

use cavuer_protocol::AgentId;
use cavuer_protocol::console::{
    AgentChanges, AskPlayground, PlaygroundAnswer, PlaygroundMessage, PlaygroundRole,
};
use cavuer_protocol::limits::HISTORY_MESSAGES;

use crate::api::use_workspace;
use crate::components::button::{Button, IconButton, Weight};
use crate::components::icon::Icon;
use crate::components::switch::Switch;
use crate::form::Form;
use crate::text::t;

use super::values::AgentValues;
use answer::AnswerView;

/// A question, and its answer once that is there.
#[derive(Clone, Copy)]
struct Exchange {
    number: usize,
    question: StoredValue<String>,
    answer: RwSignal<Option<PlaygroundAnswer>>,
}

/// The panel beside the settings. What was said stays while it is closed.
#[component]
pub fn Playground(
    agent: AgentId,
    values: AgentValues,
    /// The page's own form, which shows what is wrong with the settings.
    settings: Form,
    changes: Memo<AgentChanges>,
    open: RwSignal<bool>,
) -> impl IntoView {
    let words = &t().playground;
    let exchanges = RwSignal::new(Vec::<Exchange>::new());
    let call_functions = RwSignal::new(false);
    let question = RwSignal::new(String::new());
    let form = Form::new();
    let workspace = use_workspace();
    let log = NodeRef::<html::Div>::new();
    let input = NodeRef::<html::Textarea>::new();
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            let _ = input.focus();
        }
    });
    let to_end = move || {
        spawn_local(async move {
            tick().await;
            if let Some(Some(log)) = log.try_get_untracked() {
                log.set_scroll_top(log.scroll_height());
            }
        });
    };
    let ask = move || {
        let asked = question.get_untracked().trim().to_owned();
        if asked.is_empty() || form.busy.get_untracked() || !settings.check(values.check()) {
            return;
        }
        let request = AskPlayground {
            settings: changes.get_untracked(),
            history: history(&exchanges.get_untracked()),
            question: asked.clone(),
            call_functions: call_functions.get_untracked(),
        };
        let exchange = Exchange {
            number: exchanges.with_untracked(Vec::len),
            question: StoredValue::new(asked.clone()),
            answer: RwSignal::new(None),
        };
        exchanges.update(|all| all.push(exchange));
        question.set(String::new());
        form.clear();
        form.busy.set(true);
        to_end();
        spawn_local(async move {
            let answer = workspace.ask_playground(agent, &request).await;
            // The page may be gone by now.
            if form.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(answer) => drop(exchange.answer.try_set(Some(answer))),
                Err(error) => {
                    form.error.set(Some(error));
                    // It was not asked, so it stands in the field again.
                    exchanges.update(|all| all.retain(|other| other.number != exchange.number));
                    question.update(|typed| *typed = format!("{asked}{typed}"));
                }
            }
            to_end();
        });
    };
    let on_keydown = move |event: KeyboardEvent| {
        if event.key() == "Enter" && !event.shift_key() && !event.is_composing() {
            event.prevent_default();
            ask();
        } else if event.key() == "Escape" {
            open.set(false);
        }
    };
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        ask();
    };
    let which = move || {
        let is_saved = changes.with(|changes| *changes == AgentChanges::default());
        if is_saved { words.saved } else { words.unsaved }
    };
    let is_empty = Memo::new(move |_| exchanges.with(Vec::is_empty));
    view! {
        <Show when=move || open.get()>
            <aside class="playground" aria-labelledby="playground-title">
                <header class="playground-head">
                    <div>
                        <h2 id="playground-title">{words.title}</h2>
                        <p class="muted" role="status">{which}</p>
                    </div>
                    <Show when=move || !is_empty.get()>
                        <Button
                            label=words.start_over
                            weight=Weight::Quiet
                            disabled=form.busy
                            on_press=move || {
                                exchanges.set(Vec::new());
                                form.clear();
                            }
                        />
                    </Show>
                    <IconButton
                        label=t().common.close
                        icon=Icon::Close
                        on_press=move || open.set(false)
                    />
                </header>
                <div
                    class="playground-log"
                    role="log"
                    aria-label=words.log
                    tabindex="0"
                    node_ref=log
                >
                    <Show when=move || is_empty.get()>
                        <p class="playground-empty muted">{words.empty}</p>
                    </Show>
                    <For each=move || exchanges.get() key=|exchange| exchange.number let(exchange)>
                        <ExchangeView exchange=exchange/>
                    </For>
                </div>
                <form class="playground-foot" on:submit=on_submit>
                    <p class="form-error" role="alert">
                        {move || form.error.with(|error| error.as_ref().map(|e| e.message()))}
                    </p>
                    <div class="composer-form">
                        <textarea
                            class="input composer-input"
                            rows="2"
                            dir="auto"
                            aria-label=words.question
                            placeholder=words.placeholder
                            node_ref=input
                            on:keydown=on_keydown
                            bind:value=question
                        ></textarea>
                        <Button
                            label=words.send
                            weight=Weight::Primary
                            submit=true
                            busy=form.busy
                        />
                    </div>
                    <Switch
                        label=words.call_functions
                        hint=words.call_functions_hint
                        value=call_functions
                    />
                </form>
            </aside>
        </Show>
    }
}

/// What was said before, as far as it was answered and may be sent.
fn history(exchanges: &[Exchange]) -> Vec<PlaygroundMessage> {
    let said = |by, text: String| PlaygroundMessage { by, text };
    let mut messages: Vec<PlaygroundMessage> = exchanges
        .iter()
        .filter_map(|exchange| {
            let answer = exchange.answer.with_untracked(|answer| {
                answer.as_ref().filter(|answer| answer.failure.is_none()).map(|a| a.text.clone())
            })?;
            let question = exchange.question.get_value();
            Some([said(PlaygroundRole::Visitor, question), said(PlaygroundRole::Agent, answer)])
        })
        .flatten()
        .collect();
    let too_many = messages.len().saturating_sub(HISTORY_MESSAGES as usize);
    messages.drain(..too_many);
    messages
}

#[component]
fn ExchangeView(exchange: Exchange) -> impl IntoView {
    let words = &t().playground;
    let shown = move || match exchange.answer.get() {
        Some(answer) => view! { <AnswerView answer=answer/> }.into_any(),
        None => view! {
            <div class="message-text playground-text" aria-busy="true">
                <span class="dots" role="img" aria-label=words.writing>
                    <span></span><span></span><span></span>
                </span>
            </div>
        }
        .into_any(),
    };
    view! {
        <section class="exchange">
            <p class="exchange-question" dir="auto">
                <span class="visually-hidden">{words.you}": "</span>
                {exchange.question.get_value()}
            </p>
            {shown}
        </section>
    }
}
