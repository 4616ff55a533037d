mod appearance;
mod delete;
mod functions;
mod installation;
mod limits;
mod preview;
mod samples;
mod secret_key;
mod security;
mod status;
mod values;

use leptos::prelude::*;

use cavuer_protocol::ChannelId;
use cavuer_protocol::console::{Channel, ChannelChanges};

use crate::api::use_workspace;
use crate::components::page::Page;
use crate::components::saving::Saving;
use crate::components::section::Section;
use crate::components::skeleton::SkeletonSections;
use crate::form::Form;
use crate::guide::GuidePage;
use crate::loader::{Load, loaded, use_loader};
use crate::route;
use crate::text::{fill, t};

use super::for_id;
use appearance::AppearanceFields;
use delete::DeleteChannel;
use functions::ChannelFunctions;
use installation::Installation;
use limits::Limits;
use security::Security;
use status::Status;
use values::ChannelValues;

const FIELDS: &[&str] = &[
    "name",
    "enabled",
    "allowed_domains",
    "require_identification",
    "merge_guests",
    "appearance.title",
    "appearance.greeting",
    "appearance.color",
    "title",
    "greeting",
    "color",
    "limits.answers",
    "limits.tokens",
    "limits.visitor_answers",
];

/// `/channels/{id}`
#[component]
pub fn ChannelPage() -> impl IntoView {
    for_id(|id: ChannelId| view! { <ChannelSettings id=id/> })
}

#[component]
fn ChannelSettings(id: ChannelId) -> impl IntoView {
    let words = &t().channel;
    let workspace = use_workspace();
    let both = use_loader(move || async move {
        let channel = workspace.channel(id).await?;
        let agent = workspace.agent(channel.agent).await?;
        Ok((channel, agent.settings.name))
    });
    let title = RwSignal::new(words.fallback_title.to_owned());
    let agent = Memo::new(move |_| {
        both.state.with(|both| match both {
            Load::Ready((channel, agent)) => Some((route::agent(channel.agent), agent.clone())),
            _ => None,
        })
    });
    let about = move || {
        agent.with(|agent| {
            let (_, name) = agent.as_ref()?;
            Some(fill(words.about, &[("agent", name)]))
        })
    };
    view! {
        <Page title=title about=MaybeProp::derive(about) up=agent guide=GuidePage::Site>
            {loaded(
                both,
                || view! { <SkeletonSections/> },
                move |(channel, agent)| {
                    view! { <ChannelForm channel=channel agent=agent title=title/> }
                },
            )}
        </Page>
    }
}

#[component]
fn ChannelForm(channel: Channel, agent: String, title: RwSignal<String>) -> impl IntoView {
    let words = &t().channel;
    let workspace = use_workspace();
    let id = channel.id;
    let values = ChannelValues::new(&channel);
    let snippet = channel.snippet.clone();
    let saved = RwSignal::new(channel);
    let changes = Memo::new(move |_| saved.with(|saved| values.changes(saved)));
    let changed = Memo::new(move |_| saved.with(|saved| values.names(saved)));
    let form = Form::new();
    // The server names a wrong domain by its place in the list that was sent.
    let sent_domains = RwSignal::new(Vec::<String>::new());
    Effect::new(move |_| title.set(saved.with(|channel| channel.name.clone())));
    let request = move |sent: ChannelChanges| {
        sent_domains.set(sent.allowed_domains.clone().unwrap_or_default());
        async move { workspace.change_channel(id, &sent).await }
    };
    view! {
        <Installation snippet=snippet/>
        <Security values=values form=form saved=saved sent_domains=sent_domains/>
        <AppearanceFields values=values form=form agent=agent/>
        <ChannelFunctions channel=id/>
        <Limits values=values form=form/>
        <Status values=values saved=saved/>
        <Section title=words.danger about=words.danger_about>
            <DeleteChannel channel=saved/>
        </Section>
        <Saving
            form=form
            fields=FIELDS
            saved=saved
            changes=changes
            changed=changed
            check=move || values.check()
            request=request
            load=move |channel: &Channel| values.load(channel)
        />
    }
}
