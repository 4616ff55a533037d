use leptos::prelude::*;

use cavuer_protocol::ChannelId;
use cavuer_protocol::console::ChannelFunction;

use crate::api::use_workspace;
use crate::components::section::Section;
use crate::components::skeleton::SkeletonRows;
use crate::form::Form;
use crate::loader::{loaded, use_loader};
use crate::text::t;

/// Which of the agent's functions the channel may use. A tick is saved at once.
#[component]
pub fn ChannelFunctions(channel: ChannelId) -> impl IntoView {
    let words = &t().functions;
    let workspace = use_workspace();
    let functions = use_loader(move || workspace.channel_functions(channel));
    let form = Form::new();
    let toggle = move |all: Vec<ChannelFunction>, changed: ChannelFunction| {
        let forbidden = all
            .into_iter()
            .filter(|function| (function.id == changed.id) == function.allowed)
            .map(|function| function.id)
            .collect();
        let request = async move { workspace.forbid_functions(channel, forbidden).await };
        form.send(request, move |_| functions.again());
    };
    view! {
        <Section title=words.in_channel about=words.in_channel_about>
            {loaded(
                functions,
                || view! { <SkeletonRows count=1/> },
                move |all| {
                    if all.is_empty() {
                        return view! { <p class="muted">{words.in_channel_none}</p> }.into_any();
                    }
                    let rows = all.clone().into_iter();
                    let rows = rows
                        .map(|function| {
                            let (all, changed) = (all.clone(), function.clone());
                            view! {
                                <label class="check-row">
                                    <input
                                        type="checkbox"
                                        prop:checked=function.allowed
                                        disabled=move || form.busy.get()
                                        on:change=move |_| toggle(all.clone(), changed.clone())
                                    />
                                    <code>{function.name}</code>
                                </label>
                            }
                        });
                    view! { <div class="check-rows">{rows.collect_view()}</div> }.into_any()
                },
            )}
            <p class="form-error" role="alert">{form.general(&[])}</p>
        </Section>
    }
}
