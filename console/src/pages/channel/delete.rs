use leptos::prelude::*;

use cavuer_protocol::console::Channel;

use crate::api::use_workspace;
use crate::components::delete_action::DeleteAction;
use crate::route;
use crate::text::{fill, t};

/// Deletes a channel, after saying what goes with it.
#[component]
pub fn DeleteChannel(channel: RwSignal<Channel>) -> impl IntoView {
    let words = &t().channel;
    let workspace = use_workspace();
    let title =
        move || channel.with(|channel| fill(words.delete_title, &[("name", &channel.name)]));
    let request = move || {
        let id = channel.with_untracked(|channel| channel.id);
        async move { workspace.delete_channel(id).await }
    };
    view! {
        <DeleteAction
            label=words.delete
            title=Signal::derive(title)
            done=words.deleted
            leads_to=Signal::derive(move || route::agent(channel.with(|channel| channel.agent)))
            request=request
        >
            <p>{words.delete_body}</p>
        </DeleteAction>
    }
}
