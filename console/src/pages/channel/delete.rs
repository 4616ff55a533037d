use leptos::prelude::*;

use cavuer_protocol::console::Channel;

use crate::api::use_workspace;
use crate::components::button::{Button, Weight};
use crate::components::confirm::ConfirmDialog;
use crate::components::icon::Icon;
use crate::components::toast::use_toasts;
use crate::form::Form;
use crate::route::{self, use_go};
use crate::text::{fill, t};
use crate::unsaved::Unsaved;

/// Deletes a channel, after saying what goes with it.
#[component]
pub fn DeleteChannel(channel: RwSignal<Channel>) -> impl IntoView {
    let words = &t().channel;
    let workspace = use_workspace();
    let toasts = use_toasts();
    let go = use_go();
    let unsaved: Unsaved = expect_context();
    let open = RwSignal::new(false);
    let form = Form::new();
    let delete = move || {
        let (id, agent) = channel.with_untracked(|channel| (channel.id, channel.agent));
        form.send(async move { workspace.delete_channel(id).await }, move |()| {
            unsaved.forget();
            open.set(false);
            toasts.say(words.deleted);
            go.replace(&route::agent(agent));
        });
    };
    let title =
        move || channel.with(|channel| fill(words.delete_title, &[("name", &channel.name)]));
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
            <p>{words.delete_body}</p>
        </ConfirmDialog>
    }
}
