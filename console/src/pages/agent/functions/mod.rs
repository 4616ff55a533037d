//! The functions of an agent.

mod form;
mod headers;
mod try_out;

use leptos::prelude::*;

use cavuer_protocol::AgentId;
use cavuer_protocol::console::{Function, FunctionMethod};

use crate::api::use_workspace;
use crate::components::badge::{Badge, Tone};
use crate::components::button::{Button, Weight};
use crate::components::icon::Icon;
use crate::components::section::Section;
use crate::components::skeleton::SkeletonRows;
use crate::loader::{loaded, use_loader};
use crate::text::{fill, t};

use form::{Edited, FunctionDialog};
use try_out::TryDialog;

/// The agent's functions, each with its form and a trial.
#[component]
pub fn Functions(agent: AgentId) -> impl IntoView {
    let words = &t().functions;
    let workspace = use_workspace();
    let functions = use_loader(move || workspace.functions(agent));
    let edited = RwSignal::new(None::<Edited>);
    let tried = RwSignal::new(None::<Function>);
    let changed = move || functions.again();
    view! {
        <Section title=words.title about=words.about>
            {loaded(
                functions,
                || view! { <SkeletonRows count=2/> },
                move |functions| {
                    if functions.is_empty() {
                        return view! { <p class="muted">{words.none}</p> }.into_any();
                    }
                    let rows = functions.into_iter();
                    let rows = rows.map(|function| {
                        view! { <Row function=function edited=edited tried=tried/> }
                    });
                    view! { <ul class="card function-rows">{rows.collect_view()}</ul> }.into_any()
                },
            )}
            <div>
                <Button
                    label=words.add
                    icon=Icon::Plus
                    on_press=move || edited.set(Some(Edited::New))
                />
            </div>
        </Section>
        <FunctionDialog agent=agent edited=edited on_change=changed/>
        <TryDialog agent=agent tried=tried/>
    }
}

#[component]
fn Row(
    function: Function,
    edited: RwSignal<Option<Edited>>,
    tried: RwSignal<Option<Function>>,
) -> impl IntoView {
    let words = &t().functions;
    let to_edit = function.clone();
    let to_try = function.clone();
    let request = format!("{} {}", method_name(function.method), function.address);
    view! {
        <li class="function-row">
            <div class="function-words">
                <p class="function-name">
                    <code>{function.name.clone()}</code>
                    {(!function.enabled).then(|| view! { <Badge text=words.off tone=Tone::Neutral/> })}
                </p>
                <p class="muted function-about">{function.description}</p>
                <p class="muted function-request" title=request.clone()>{request.clone()}</p>
            </div>
            <Button
                label=words.try_it
                weight=Weight::Quiet
                on_press=move || tried.set(Some(to_try.clone()))
            />
            <button
                class="button is-quiet is-icon"
                type="button"
                aria-label=fill("{what}: {name}", &[("what", words.edit), ("name", &function.name)])
                title=words.edit
                on:click=move |_| edited.set(Some(Edited::Old(to_edit.clone())))
            >
                {Icon::Settings.view()}
            </button>
        </li>
    }
}

/// A method as HTTP writes it.
pub(super) const fn method_name(method: FunctionMethod) -> &'static str {
    match method {
        FunctionMethod::Get => "GET",
        FunctionMethod::Post => "POST",
        FunctionMethod::Put => "PUT",
        FunctionMethod::Patch => "PATCH",
        FunctionMethod::Delete => "DELETE",
    }
}
