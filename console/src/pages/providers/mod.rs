mod card;
mod delete;
mod embeddings;
mod form;
mod guide;
mod offered;
mod values;

use leptos::prelude::*;

use cavuer_protocol::console::{Provider, ProviderFacts, ProviderKind, ProviderList};

use crate::api::use_workspace;
use crate::components::button::{Button, Weight};
use crate::components::empty_state::EmptyState;
use crate::components::icon::Icon;
use crate::components::page::Page;
use crate::components::skeleton::SkeletonRows;
use crate::guide::GuidePage;
use crate::loader::{Load, loaded, use_loader};
use crate::text::t;

use card::{EnvironmentCard, ProviderCard};
use delete::DeleteProvider;
use embeddings::EmbeddingsSection;
use form::ProviderDialog;
use guide::Guide;

/// What the form is open for.
#[derive(Clone, Debug, PartialEq)]
pub enum Editing {
    New,
    Saved(Box<Provider>),
}

/// `/models`: the workspace's model providers, those of the server, and what models are good for.
#[component]
pub fn ProvidersPage() -> impl IntoView {
    let words = &t().providers;
    let workspace = use_workspace();
    let providers = use_loader(move || workspace.providers());
    let models = use_loader(move || workspace.models());
    let editing = RwSignal::new(None::<Editing>);
    let deleting = RwSignal::new(None::<Provider>);
    let kinds = Memo::new(move |_| {
        providers.state.with(|list| match list {
            Load::Ready(list) => list.kinds.clone(),
            Load::Waiting | Load::Failed(_) => Vec::new(),
        })
    });
    let changed = move || {
        providers.again();
        models.again();
    };
    let add = move || {
        view! {
            <Button
                label=words.add
                weight=Weight::Primary
                icon=Icon::Plus
                disabled=Signal::derive(move || kinds.with(Vec::is_empty))
                on_press=move || editing.set(Some(Editing::New))
            />
        }
    };
    view! {
        <Page title=t().shell.models about=words.about guide=GuidePage::Models action=add>
            {loaded(
                providers,
                || view! { <SkeletonRows count=2/> },
                move |list| view! { <Lists list=list editing=editing deleting=deleting/> },
            )}
            <EmbeddingsSection providers=providers/>
            <Guide models=models/>
        </Page>
        <ProviderDialog editing=editing kinds=kinds on_saved=changed/>
        <DeleteProvider provider=deleting on_deleted=changed/>
    }
}

#[component]
fn Lists(
    list: ProviderList,
    editing: RwSignal<Option<Editing>>,
    deleting: RwSignal<Option<Provider>>,
) -> impl IntoView {
    let words = &t().providers;
    let own = if list.providers.is_empty() {
        let body = words.empty_body;
        view! { <EmptyState icon=Icon::Model title=words.empty_title body=body/> }.into_any()
    } else {
        let cards = list.providers.into_iter().map(|provider| {
            let label = label(&list.kinds, &provider.kind);
            view! { <ProviderCard provider label editing deleting/> }
        });
        view! { <ul class="providers" aria-label=words.own>{cards.collect_view()}</ul> }.into_any()
    };
    let environment = (!list.environment.is_empty()).then(|| {
        let cards = list.environment.into_iter().map(|provider| {
            let label = label(&list.kinds, &provider.kind);
            view! { <EnvironmentCard provider label/> }
        });
        view! { <ul class="providers" aria-label=words.environment>{cards.collect_view()}</ul> }
    });
    view! {
        {own}
        {environment}
    }
}

/// What a kind is called; one that this server does not know, by its word.
fn label(kinds: &[ProviderFacts], kind: &ProviderKind) -> String {
    let known = kinds.iter().find(|facts| facts.kind == *kind);
    known.map_or_else(|| kind.as_str().to_owned(), |facts| facts.label.clone())
}
