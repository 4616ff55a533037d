mod batch;
pub mod file_drop;
mod files;
pub mod status;
mod table;
mod upload;

use leptos::prelude::*;

use cavuer_protocol::AgentId;
use cavuer_protocol::console::{Article, ConsoleEvent};

use crate::api::use_workspace;
use crate::components::button::{Button, Weight};
use crate::components::empty_state::EmptyState;
use crate::components::icon::Icon;
use crate::components::page::Page;
use crate::components::search_box::SearchBox;
use crate::components::skeleton::SkeletonRows;
use crate::guide::GuidePage;
use crate::live::{Live, use_live};
use crate::loader::{Load, Loader, loaded, use_loader};
use crate::route::{Go, use_go, use_query_text};
use crate::text::{fill, t};

use table::ArticleTable;
use upload::UploadDialog;

/// `/knowledge`: the articles, searched and filtered by what stands in the address.
#[component]
pub fn KnowledgePage() -> impl IntoView {
    let words = &t().knowledge;
    let workspace = use_workspace();
    let go = use_go();
    let (search, set_search) = use_query_text("q");
    let (agent, set_agent) = use_query_text("agent");
    let live = use_live();
    let uploading = RwSignal::new(false);
    let agents = use_loader(move || workspace.agents());
    let articles = use_loader(move || {
        let search = Some(search.get()).filter(|search| !search.is_empty());
        let agent: Option<AgentId> = agent.get().parse().ok();
        async move {
            let (answer, said) = live.during(workspace.articles(search, agent)).await;
            let mut list = answer?;
            for event in said {
                take(&mut list, event);
            }
            Ok(list)
        }
    });
    let known_agents = Signal::derive(move || {
        agents.state.with(|agents| match agents {
            Load::Ready(agents) => agents.iter().map(|a| (a.id, a.settings.name.clone())).collect(),
            _ => Vec::new(),
        })
    });
    follow(live, articles);
    let filtered = Memo::new(move |_| !search.get().is_empty() || !agent.get().is_empty());
    let listed = Signal::derive(move || {
        articles.state.with(|state| match state {
            Load::Ready(articles) => articles.clone(),
            Load::Waiting | Load::Failed(_) => Vec::new(),
        })
    });
    // The table stays while its rows change, and with it what has the focus.
    let has_articles = Memo::new(move |_| listed.with(|articles| !articles.is_empty()));
    let upload_button = move || {
        view! {
            <Button
                label=words.upload
                weight=Weight::Primary
                icon=Icon::Upload
                on_press=move || uploading.set(true)
            />
        }
    };
    view! {
        <Page title=t().shell.knowledge about=words.about guide=GuidePage::Knowledge action=upload_button>
            <div class="toolbar">
                <SearchBox label=words.search value=search on_search=set_search/>
                <AgentFilter agents=known_agents chosen=agent on_choose=set_agent/>
            </div>
            {move || {
                if has_articles.get() {
                    return view! { <ArticleTable articles=listed agents=known_agents/> }.into_any();
                }
                loaded(
                    articles,
                    || view! { <SkeletonRows count=6/> },
                    move |_| view! { <NoArticles filtered=filtered go=go/> },
                )
                .into_any()
            }}
        </Page>
        <UploadDialog open=uploading on_added=move || articles.again()/>
    }
}

/// Keeps the list as the server has it.
fn follow(live: Live, articles: Loader<Vec<Article>>) {
    live.listen(move |event| match event {
        ConsoleEvent::Resync => articles.again(),
        event @ (ConsoleEvent::ArticleListed { .. } | ConsoleEvent::ArticleRemoved { .. }) => {
            let mut is_whole = false;
            articles.change(|list| is_whole = take(list, event));
            if !is_whole {
                articles.again();
            }
        }
        _ => {}
    });
}

/// Changes the list as an event says. False if an article is not in it: that may belong there, or
/// not by what is searched for; the server knows.
fn take(list: &mut Vec<Article>, event: ConsoleEvent) -> bool {
    match event {
        ConsoleEvent::ArticleListed { article } => {
            let known = list.iter_mut().find(|known| known.id == article.id);
            known.map(|known| *known = article).is_some()
        }
        ConsoleEvent::ArticleRemoved { article } => {
            list.retain(|known| known.id != article);
            true
        }
        _ => true,
    }
}

/// "All articles", or those that one agent may use.
#[component]
fn AgentFilter(
    agents: Signal<Vec<(AgentId, String)>>,
    chosen: Memo<String>,
    on_choose: Callback<String>,
) -> impl IntoView {
    let words = &t().knowledge;
    let options = move || {
        agents
            .get()
            .into_iter()
            .map(|(id, name)| {
                let id = id.to_string();
                let own = id.clone();
                view! {
                    <option value=id prop:selected=move || chosen.get() == own>
                        {fill(words.linked_to, &[("agent", &name)])}
                    </option>
                }
            })
            .collect_view()
    };
    view! {
        <select
            class="input filter"
            aria-label=words.filter
            on:change=move |event| on_choose.run(event_target_value(&event))
        >
            <option value="" prop:selected=move || chosen.with(String::is_empty)>
                {words.all}
            </option>
            {options}
        </select>
    }
}

#[component]
fn NoArticles(filtered: Memo<bool>, go: Go) -> impl IntoView {
    let words = &t().knowledge;
    if filtered.get_untracked() {
        let clear = move || go.replace(&crate::route::knowledge());
        return view! {
            <EmptyState icon=Icon::Search title=t().common.not_found body=words.nothing_found>
                <Button label=words.clear on_press=clear/>
            </EmptyState>
        }
        .into_any();
    }
    view! { <EmptyState icon=Icon::Book title=words.empty_title body=words.empty_body/> }.into_any()
}
