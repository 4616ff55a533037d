use leptos::prelude::*;

use cavuer_protocol::console::Agent;

use crate::api::use_workspace;
use crate::components::button::{Button, Weight};
use crate::components::confirm::ConfirmDialog;
use crate::components::icon::Icon;
use crate::components::toast::use_toasts;
use crate::form::Form;
use crate::route::{self, use_go};
use crate::text::{fill, t};
use crate::unsaved::Unsaved;

/// Deletes an agent, after naming everything that goes with it.
#[component]
pub fn DeleteAgent(agent: RwSignal<Agent>) -> impl IntoView {
    let words = &t().agents;
    let workspace = use_workspace();
    let toasts = use_toasts();
    let go = use_go();
    let unsaved: Unsaved = expect_context();
    let open = RwSignal::new(false);
    let form = Form::new();
    let delete = move || {
        let id = agent.with_untracked(|agent| agent.id);
        form.send(async move { workspace.delete_agent(id).await }, move |()| {
            unsaved.forget();
            open.set(false);
            toasts.say(words.deleted);
            go.replace(&route::home());
        });
    };
    let title =
        move || agent.with(|agent| fill(words.delete_title, &[("name", &agent.settings.name)]));
    view! {
        <div>
            <Button
                label=words.delete
                weight=Weight::Danger
                icon=Icon::Trash
                on_press=move || open.set(true)
            />
        </div>
        <ConfirmDialog
            open=open
            title=title
            confirm=t().common.delete
            busy=form.busy
            error=form.general(&[])
            on_confirm=delete
        >
            {move || {
                let channels = agent.with(|agent| agent.channels.clone());
                if channels.is_empty() {
                    return view! { <p>{words.delete_nothing}</p> }.into_any();
                }
                view! {
                    <p>{words.delete_channels}</p>
                    <ul class="plain-list">
                        {channels.into_iter().map(|channel| view! { <li>{channel.name}</li> }).collect_view()}
                    </ul>
                }
                .into_any()
            }}
        </ConfirmDialog>
    }
}
