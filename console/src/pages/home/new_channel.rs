use leptos::prelude::*;

use cavuer_protocol::console::Agent;

use crate::api::use_workspace;
use crate::components::dialog::open_for;
use crate::components::name_dialog::NameDialog;
use crate::components::toast::use_toasts;
use crate::form::Form;
use crate::route::{self, use_go};
use crate::text::{fill, t};

/// Asks for the name of a new Widget channel of an agent, and goes to its page. Open while there
/// is an agent.
#[component]
pub fn NewChannelDialog(agent: RwSignal<Option<Agent>>) -> impl IntoView {
    let words = &t().agents;
    let workspace = use_workspace();
    let toasts = use_toasts();
    let go = use_go();
    let open = open_for(agent);
    let form = Form::new();
    let add = move |name: String| {
        let Some(id) = agent.with_untracked(|agent| agent.as_ref().map(|agent| agent.id)) else {
            return;
        };
        let request = async move { workspace.add_channel(id, name).await };
        form.send(request, move |channel| {
            open.set(false);
            toasts.say(words.channel_added);
            go.to(&route::channel(channel.id));
        });
    };
    let title = move || {
        let name = agent.with(|agent| agent.as_ref().map(|agent| agent.settings.name.clone()));
        fill(words.add_channel_to, &[("name", &name.unwrap_or_default())])
    };
    view! {
        <NameDialog
            open=open
            title=Signal::derive(title)
            about=words.add_channel_about
            begin_with=|()| words.channel_default.to_owned()
            send=t().common.add
            form=form
            on_name=add
        />
    }
}
