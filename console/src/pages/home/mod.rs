mod agent_card;
mod first_steps;
mod new_agent;
mod new_channel;

use leptos::prelude::*;

use cavuer_protocol::console::{Agent, ModelInfo};

use crate::api::use_workspace;
use crate::components::button::{Button, Weight};
use crate::components::empty_state::EmptyState;
use crate::components::icon::Icon;
use crate::components::page::Page;
use crate::components::search_box::SearchBox;
use crate::components::skeleton::SkeletonRows;
use crate::guide::GuidePage;
use crate::loader::{Load, Loader, loaded, use_loader};
use crate::route::use_query_text;
use crate::text::{fill, t};

use agent_card::AgentCard;
pub use agent_card::ChannelRows;
use first_steps::FirstSteps;
use new_agent::NewAgentDialog;
pub use new_channel::NewChannelDialog;

/// `/`: agents with their channels.
#[component]
pub fn HomePage() -> impl IntoView {
    let words = &t().agents;
    let workspace = use_workspace();
    let agents = use_loader(move || workspace.agents());
    let models = use_loader(move || workspace.models());
    let (search, set_search) = use_query_text("q");
    let creating = RwSignal::new(false);
    let adding_to = RwSignal::new(None::<Agent>);
    let any = Memo::new(move |_| {
        agents.state.with(|agents| matches!(agents, Load::Ready(agents) if !agents.is_empty()))
    });
    let create = move || {
        view! {
            <Show when=move || any.get()>
                <Button
                    label=words.create
                    weight=Weight::Primary
                    icon=Icon::Plus
                    on_press=move || creating.set(true)
                />
            </Show>
        }
    };
    view! {
        <Page title=t().shell.home about=words.home_about guide=GuidePage::Site action=create>
            <Show when=move || any.get()>
                <div class="toolbar">
                    <SearchBox label=words.search value=search on_search=set_search/>
                </div>
            </Show>
            {loaded(
                agents,
                || view! { <SkeletonRows count=3/> },
                move |agents| {
                    if agents.is_empty() {
                        return view! { <FirstSteps creating=creating/> }.into_any();
                    }
                    view! {
                        <AgentList
                            agents=agents
                            models=models
                            search=search
                            clear=set_search
                            adding_to=adding_to
                        />
                    }
                        .into_any()
                },
            )}
        </Page>
        <NewAgentDialog open=creating models=models/>
        <NewChannelDialog agent=adding_to/>
    }
}

#[component]
fn AgentList(
    agents: Vec<Agent>,
    models: Loader<Vec<ModelInfo>>,
    search: Memo<String>,
    clear: Callback<String>,
    adding_to: RwSignal<Option<Agent>>,
) -> impl IntoView {
    let words = &t().agents;
    move || {
        let query = search.get();
        let found: Vec<Agent> =
            agents.iter().filter(|agent| matches(agent, &query)).cloned().collect();
        if found.is_empty() {
            let nothing = fill(words.nothing_found, &[("query", &query)]);
            return view! {
                <EmptyState icon=Icon::Search title=t().common.not_found body=nothing>
                    <Button label=words.clear_search on_press=move || clear.run(String::new())/>
                </EmptyState>
            }
            .into_any();
        }
        view! {
            <ul class="agents">
                {found
                    .into_iter()
                    .map(|agent| view! { <AgentCard agent=agent models=models adding_to=adding_to/> })
                    .collect_view()}
            </ul>
        }
        .into_any()
    }
}

/// Whether the agent or one of its channels has the words in its name.
fn matches(agent: &Agent, query: &str) -> bool {
    let query = query.to_lowercase();
    let has = |name: &str| name.to_lowercase().contains(&query);
    has(&agent.settings.name) || agent.channels.iter().any(|channel| has(&channel.name))
}
