use leptos::prelude::*;

use cavuer_protocol::console::{Agent, ChannelSummary, ModelInfo};

use crate::components::badge::{Badge, Tone};
use crate::components::button::{Button, Weight};
use crate::components::icon::Icon;
use crate::loader::{Load, Loader};
use crate::pages::model_select::label;
use crate::route;
use crate::text::{fill, t, told_if_any};

/// One agent of the home page and its channels.
#[component]
pub fn AgentCard(
    agent: Agent,
    models: Loader<Vec<ModelInfo>>,
    adding_to: RwSignal<Option<Agent>>,
) -> impl IntoView {
    let words = &t().agents;
    let settings = fill(words.settings_of, &[("name", &agent.settings.name)]);
    let whole = agent.clone();
    let model = move || {
        models.state.with(|models| match models {
            Load::Ready(models) => models
                .iter()
                .find(|model| model.id == agent.settings.model)
                .map_or_else(|| agent.settings.model.clone(), label),
            Load::Waiting | Load::Failed(_) => agent.settings.model.clone(),
        })
    };
    view! {
        <li class="card agent-card">
            <div class="agent-head">
                <span class="avatar" aria-hidden="true">{Icon::Agent.view()}</span>
                <div class="agent-words">
                    <h2><a href=route::agent(agent.id)>{agent.settings.name.clone()}</a></h2>
                    <p class="muted">{model}</p>
                </div>
                <div class="agent-actions">
                    <Button
                        label=words.add_channel
                        weight=Weight::Quiet
                        icon=Icon::Plus
                        on_press=move || adding_to.set(Some(whole.clone()))
                    />
                    <a class="button is-quiet" href=route::agent(agent.id) aria-label=settings>
                        {Icon::Settings.view()}
                        <span>{words.settings}</span>
                    </a>
                </div>
            </div>
            <ChannelRows channels=agent.channels/>
        </li>
    }
}

/// Channels with their status.
#[component]
pub fn ChannelRows(channels: Vec<ChannelSummary>) -> impl IntoView {
    if channels.is_empty() {
        return view! { <p class="muted channel-none">{t().agents.no_channels}</p> }.into_any();
    }
    view! {
        <ul class="channel-rows">
            {channels.into_iter().map(|channel| view! { <ChannelRow channel=channel/> }).collect_view()}
        </ul>
    }
    .into_any()
}

#[component]
fn ChannelRow(channel: ChannelSummary) -> impl IntoView {
    let words = &t().agents;
    let (text, tone) = match (channel.enabled, &channel.warning) {
        (false, _) => (words.off, Tone::Neutral),
        (true, Some(_)) => (words.attention, Tone::Warning),
        (true, None) => (words.on, Tone::Success),
    };
    let warning = told_if_any(channel.warning.as_deref(), channel.warning_notice.as_ref())
        .filter(|_| channel.enabled);
    view! {
        <li class="channel-row">
            {Icon::Channel.view()}
            <div class="channel-words">
                <a class="row-link" href=route::channel(channel.id)>{channel.name}</a>
                {warning.map(|warning| view! { <p class="channel-warning">{warning}</p> })}
            </div>
            <Badge text=text tone=tone/>
        </li>
    }
}
