mod articles;
mod delete;
mod fields;
mod functions;
mod hand_over;
mod model_select;
mod values;

use leptos::prelude::*;

use cavuer_protocol::AgentId;
use cavuer_protocol::console::Agent;

use crate::api::use_workspace;
use crate::components::button::Button;
use crate::components::icon::Icon;
use crate::components::page::Page;
use crate::components::save_bar::SaveBar;
use crate::components::section::Section;
use crate::components::skeleton::SkeletonSections;
use crate::components::toast::use_toasts;
use crate::form::Form;
use crate::loader::{loaded, use_loader};
use crate::route;
use crate::text::t;
use crate::unsaved::Unsaved;

use super::for_id;
use super::home::{ChannelRows, NewChannelDialog};
use articles::ArticlePicker;
use delete::DeleteAgent;
use fields::{Basics, Behaviour};
use functions::Functions;
use hand_over::HandOverSettings;
pub use model_select::ModelSelect;
use values::AgentValues;

const FIELDS: &[&str] =
    &["name", "model", "instruction", "temperature", "response_delay", "max_passages", "articles"];

/// `/agents/{id}`
#[component]
pub fn AgentPage() -> impl IntoView {
    for_id(|id: AgentId| view! { <AgentSettings id=id/> })
}

#[component]
fn AgentSettings(id: AgentId) -> impl IntoView {
    let workspace = use_workspace();
    let agent = use_loader(move || workspace.agent(id));
    let title = RwSignal::new(t().agents.fallback_title.to_owned());
    view! {
        <Page title=title up=Some((route::home(), t().shell.home.to_owned()))>
            {loaded(
                agent,
                || view! { <SkeletonSections/> },
                move |agent| {
                    title.set(agent.settings.name.clone());
                    view! { <AgentForm agent=agent title=title/> }
                },
            )}
        </Page>
    }
}

#[component]
fn AgentForm(agent: Agent, title: RwSignal<String>) -> impl IntoView {
    let words = &t().agents;
    let workspace = use_workspace();
    let toasts = use_toasts();
    let id = agent.id;
    let values = AgentValues::new(&agent);
    let saved = RwSignal::new(agent);
    let changes = Memo::new(move |_| saved.with(|saved| values.changes(saved)));
    let changed = Memo::new(move |_| changes.with(values::names));
    let form = Form::new();
    let models = use_loader(move || workspace.models());
    let adding_to = RwSignal::new(None::<Agent>);
    expect_context::<Unsaved>().follow(move || changed.with(|changed| !changed.is_empty()));

    let save = move || {
        if !form.check(values.check()) {
            return;
        }
        let sent = changes.get_untracked();
        let request = {
            let sent = sent.clone();
            async move { workspace.change_agent(id, &sent).await }
        };
        form.send(request, move |agent| {
            // What was typed while the request was under way stays, as a new change.
            if changes.get_untracked() == sent {
                values.load(&agent);
            }
            title.set(agent.settings.name.clone());
            saved.set(agent);
            toasts.say(t().common.saved);
        });
    };
    let discard = move || {
        form.clear();
        saved.with_untracked(|saved| values.load(saved));
    };

    view! {
        <Basics values=values form=form models=models/>
        <Behaviour values=values form=form/>
        <Section title=words.knowledge about=words.knowledge_about>
            <ArticlePicker linked=values.articles/>
        </Section>
        <Section title=words.channels about=words.channels_about>
            <div class="card">
                {move || view! { <ChannelRows channels=saved.with(|agent| agent.channels.clone())/> }}
            </div>
            <div>
                <Button
                    label=words.add_channel
                    icon=Icon::Plus
                    on_press=move || adding_to.set(Some(saved.get_untracked()))
                />
            </div>
        </Section>
        <Functions agent=id/>
        <HandOverSettings agent=id/>
        <Section title=words.danger about=words.danger_about>
            <DeleteAgent agent=saved/>
        </Section>
        <SaveBar
            changed=changed
            saving=form.busy
            error=form.general(FIELDS)
            on_save=save
            on_discard=discard
        />
        <NewChannelDialog agent=adding_to/>
    }
}
