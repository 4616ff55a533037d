use leptos::prelude::*;

use cavuer_protocol::console::{EnvironmentProvider, Provider, ProviderFailure};

use crate::components::badge::{Badge, Note, Tone};
use crate::components::button::IconButton;
use crate::components::icon::Icon;
use crate::components::time_ago::TimeAgo;
use crate::text::{fill, t, told};

use super::Editing;

/// Models that a card names before it counts the rest.
const NAMED: usize = 6;

/// A provider of the workspace.
#[component]
pub fn ProviderCard(
    provider: Provider,
    /// What its kind is called.
    label: String,
    editing: RwSignal<Option<Editing>>,
    deleting: RwSignal<Option<Provider>>,
) -> impl IntoView {
    let words = &t().providers;
    let key = match &provider.key_hint {
        Some(hint) => fill(words.key, &[("hint", hint)]),
        None => words.no_key.to_owned(),
    };
    let agents: Vec<_> = provider.used_by.iter().map(|agent| agent.name.as_str()).collect();
    let used = match agents.as_slice() {
        [] => words.unused.to_owned(),
        agents => fill(words.used_by, &[("agents", &agents.join(", "))]),
    };
    let name = [("name", provider.name.as_str())];
    let (edit, delete) = (fill(words.edit_of, &name), fill(words.delete_of, &name));
    let (to_edit, to_delete) = (provider.clone(), provider.clone());
    view! {
        <li class="card provider">
            <div class="provider-head">
                <span class="avatar" aria-hidden="true">{Icon::Model.view()}</span>
                <div class="provider-words">
                    <h2>{provider.name.clone()}</h2>
                    <p class="muted">
                        {label} " · " <span dir="ltr">{provider.base_url}</span>
                    </p>
                </div>
                <div class="provider-actions">
                    <IconButton
                        label=edit
                        icon=Icon::Settings
                        on_press=move || {
                            editing.set(Some(Editing::Saved(Box::new(to_edit.clone()))));
                        }
                    />
                    <IconButton
                        label=delete
                        icon=Icon::Trash
                        on_press=move || deleting.set(Some(to_delete.clone()))
                    />
                </div>
            </div>
            <LastFailure failure=provider.last_failure/>
            <ModelNames names=provider.models/>
            <p class="muted provider-foot"><span>{key}</span> " · " <span>{used}</span></p>
        </li>
    }
}

/// A provider of the server, which only its configuration changes.
#[component]
pub fn EnvironmentCard(
    provider: EnvironmentProvider,
    /// What its kind is called.
    label: String,
) -> impl IntoView {
    let words = &t().providers;
    let about = fill(words.environment_about, &[("variables", &provider.variables.join(", "))]);
    view! {
        <li class="card provider">
            <div class="provider-head">
                <span class="avatar" aria-hidden="true">{Icon::Model.view()}</span>
                <div class="provider-words">
                    <h2>{label}</h2>
                    <p class="muted" dir="ltr">{provider.host}</p>
                </div>
                <Badge text=words.environment_badge tone=Tone::Neutral/>
            </div>
            <LastFailure failure=provider.last_failure/>
            <p class="muted provider-foot">{about}</p>
        </li>
    }
}

/// Why the newest answer failed, until one succeeds.
#[component]
fn LastFailure(failure: Option<ProviderFailure>) -> impl IntoView {
    failure.map(|failure| {
        view! {
            <Note tone=Tone::Danger icon=Icon::Warning>
                <p>
                    <strong>{t().providers.last_failure}</strong> " " <TimeAgo at=failure.at/> ". "
                    {told(&failure.reason, failure.notice.as_ref())}
                </p>
            </Note>
        }
    })
}

#[component]
fn ModelNames(names: Vec<String>) -> impl IntoView {
    let words = &t().providers;
    if names.is_empty() {
        return view! { <p class="muted">{words.no_models}</p> }.into_any();
    }
    let rest = names.len().saturating_sub(NAMED);
    let rest = (rest > 0).then(|| {
        let more = fill(words.more_models, &[("count", &rest.to_string())]);
        view! { <li class="muted">{more}</li> }
    });
    let named = names.into_iter().take(NAMED);
    view! {
        <ul class="model-names">
            {named.map(|name| view! { <li dir="ltr"><code>{name}</code></li> }).collect_view()}
            {rest}
        </ul>
    }
    .into_any()
}
