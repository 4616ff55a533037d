use leptos::prelude::*;

use cavuer_protocol::console::Agent;

use crate::api::use_workspace;
use crate::components::delete_action::DeleteAction;
use crate::route;
use crate::text::{fill, t};

/// Deletes an agent, after naming everything that goes with it.
#[component]
pub fn DeleteAgent(agent: RwSignal<Agent>) -> impl IntoView {
    let words = &t().agents;
    let workspace = use_workspace();
    let title =
        move || agent.with(|agent| fill(words.delete_title, &[("name", &agent.settings.name)]));
    let request = move || {
        let id = agent.with_untracked(|agent| agent.id);
        async move { workspace.delete_agent(id).await }
    };
    view! {
        <DeleteAction
            label=words.delete
            title=Signal::derive(title)
            done=words.deleted
            leads_to=route::home()
            request=request
        >
            {move || {
                let channels = agent.with(|agent| agent.channels.clone());
                if channels.is_empty() {
                    return view! { <p>{words.delete_nothing}</p> }.into_any();
                }
                view! {
                    <p>{words.delete_channels}</p>
                    <ul class="plain-list">
                        {channels
                            .into_iter()
                            .map(|channel| view! { <li>{channel.name}</li> })
                            .collect_view()}
                    </ul>
                }
                .into_any()
            }}
        </DeleteAction>
    }
}
