mod answers;
mod articles;
mod basics;
mod conversation;
mod delete;
mod functions;
mod hand_over;
mod inputs;
mod limits;
mod playground;
mod senses;
mod usage;
mod values;

use leptos::prelude::*;

use cavuer_protocol::AgentId;
use cavuer_protocol::console::Agent;
use cavuer_protocol::limits::MAX_PASSAGES;

use crate::api::use_workspace;
use crate::components::button::Button;
use crate::components::field::NumberField;
use crate::components::icon::Icon;
use crate::components::page::Page;
use crate::components::saving::Saving;
use crate::components::section::Section;
use crate::components::skeleton::SkeletonSections;
use crate::components::switch::Switch;
use crate::form::Form;
use crate::loader::{loaded, use_loader};
use crate::route;
use crate::text::t;

use super::for_id;
use super::home::{ChannelRows, NewChannelDialog};
use answers::Answers;
use articles::ArticlePicker;
use basics::Basics;
use conversation::ConversationFields;
use delete::DeleteAgent;
use functions::Functions;
use hand_over::HandOverSettings;
use limits::Limits;
use playground::Playground;
use senses::Senses;
use usage::Usage;
use values::AgentValues;

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
    let trying = RwSignal::new(false);
    let action = move || {
        view! {
            <Button
                label=t().playground.open
                icon=Icon::Chats
                on_press=move || trying.update(|open| *open = !*open)
            />
        }
    };
    view! {
        <Page
            title=title
            up=Some((route::home(), t().shell.home.to_owned()))
            action=action
        >
            {loaded(
                agent,
                || view! { <SkeletonSections/> },
                move |agent| view! { <AgentForm agent=agent title=title trying=trying/> },
            )}
        </Page>
    }
}

#[component]
fn AgentForm(
    agent: Agent,
    title: RwSignal<String>,
    /// Whether the playground is open.
    trying: RwSignal<bool>,
) -> impl IntoView {
    let words = &t().agents;
    let workspace = use_workspace();
    let id = agent.id;
    let values = AgentValues::new(&agent);
    let saved = RwSignal::new(agent);
    let changes = Memo::new(move |_| saved.with(|saved| values.changes(saved)));
    let changed = Memo::new(move |_| changes.with(values::names));
    let form = Form::new();
    let models = use_loader(move || workspace.models());
    let adding_to = RwSignal::new(None::<Agent>);
    Effect::new(move |_| title.set(saved.with(|agent| agent.settings.name.clone())));
    view! {
        <Basics values=values form=form models=models/>
        <Answers values=values form=form/>
        <Section title=words.knowledge about=words.knowledge_about>
            <ArticlePicker linked=values.articles/>
            <NumberField
                label=words.passages
                value=values.max_passages
                hint=words.passages_hint
                min=1
                max=MAX_PASSAGES
                unit=words.pieces
                error=form.field("max_passages")
            />
            <Switch
                label=words.show_sources
                hint=words.show_sources_hint
                value=values.show_citations
            />
        </Section>
        <ConversationFields values=values form=form/>
        <Senses values=values form=form/>
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
        <Limits values=values form=form saved=saved/>
        <Usage agent=id/>
        <Section title=words.danger about=words.danger_about>
            <DeleteAgent agent=saved/>
        </Section>
        <Saving
            form=form
            fields=values::marked()
            saved=saved
            changes=changes
            changed=changed
            check=move || values.check()
            request=move |sent| async move { workspace.change_agent(id, &sent).await }
            load=move |agent: &Agent| values.load(agent)
        />
        <Playground agent=id values=values settings=form changes=changes open=trying/>
        <NewChannelDialog agent=adding_to/>
    }
}
