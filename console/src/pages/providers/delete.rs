use leptos::prelude::*;

use cavuer_protocol::console::Provider;

use crate::api::use_workspace;
use crate::components::button::Button;
use crate::components::confirm::ConfirmDialog;
use crate::components::dialog::Dialog;
use crate::components::toast::use_toasts;
use crate::form::Form;
use crate::text::{fill, t};

/// Deletes a provider that no agent uses; else names the agents that do.
#[component]
pub fn DeleteProvider(
    provider: RwSignal<Option<Provider>>,
    #[prop(into)] on_deleted: Callback<()>,
) -> impl IntoView {
    let words = &t().providers;
    let workspace = use_workspace();
    let toasts = use_toasts();
    let form = Form::new();
    let (unused, used) = (RwSignal::new(false), RwSignal::new(false));
    Effect::new(move |_| {
        let (is_unused, is_used) = provider.with(|provider| match provider {
            Some(provider) => (provider.used_by.is_empty(), !provider.used_by.is_empty()),
            None => (false, false),
        });
        form.clear();
        unused.set(is_unused);
        used.set(is_used);
    });
    // Closing either dialog ends it.
    Effect::new(move |before: Option<bool>| {
        let open = unused.get() || used.get();
        if before == Some(true) && !open {
            provider.set(None);
        }
        open
    });
    let title = move || {
        provider.with(|provider| {
            let name = provider.as_ref().map(|provider| provider.name.as_str()).unwrap_or_default();
            fill(words.delete_title, &[("name", name)])
        })
    };
    let agents = move || {
        let agents = provider.with(|provider| {
            provider.as_ref().map(|provider| provider.used_by.clone()).unwrap_or_default()
        });
        let link = |agent: cavuer_protocol::console::AgentUse| {
            view! { <li><a href=crate::route::agent(agent.id)>{agent.name}</a></li> }
        };
        agents.into_iter().map(link).collect_view()
    };
    let delete = move || {
        let Some(id) = provider.with_untracked(|provider| provider.as_ref().map(|p| p.id)) else {
            return;
        };
        form.send(async move { workspace.delete_provider(id).await }, move |()| {
            unused.set(false);
            toasts.say(words.deleted);
            on_deleted.run(());
        });
    };
    view! {
        <ConfirmDialog
            open=unused
            title=Signal::derive(title)
            confirm=t().common.delete
            busy=form.busy
            error=form.general(&[])
            on_confirm=delete
        >
            <p>{words.delete_body}</p>
        </ConfirmDialog>
        <Dialog open=used title=Signal::derive(title)>
            <div class="dialog-body">
                <p>{words.delete_used}</p>
                <ul class="plain-list">{agents}</ul>
            </div>
            <div class="dialog-foot">
                <Button label=t().common.close on_press=move || used.set(false)/>
            </div>
        </Dialog>
    }
}
