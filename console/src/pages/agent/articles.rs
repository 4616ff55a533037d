use leptos::prelude::*;

use cavuer_protocol::ArticleId;
use cavuer_protocol::console::Article;

use crate::api::use_workspace;
use crate::components::skeleton::SkeletonRows;
use crate::loader::{loaded, use_loader};
use crate::route;
use crate::text::{fill, plural, t};

/// Up to this many articles the list needs no search.
const SEARCH_FROM: usize = 8;

/// Ticks the articles that an agent may answer from.
#[component]
pub fn ArticlePicker(linked: RwSignal<Vec<ArticleId>>) -> impl IntoView {
    let words = &t().agents;
    let workspace = use_workspace();
    let articles = use_loader(move || workspace.articles(None, None));
    loaded(
        articles,
        || view! { <SkeletonRows count=3/> },
        move |articles| {
            if articles.is_empty() {
                return view! {
                    <p class="muted">{words.no_articles}</p>
                    <div><a class="button" href=route::knowledge()>{words.add_articles}</a></div>
                }
                .into_any();
            }
            view! { <Choices articles=articles linked=linked/> }.into_any()
        },
    )
}

#[component]
fn Choices(articles: Vec<Article>, linked: RwSignal<Vec<ArticleId>>) -> impl IntoView {
    let words = &t().agents;
    let search = RwSignal::new(String::new());
    let searchable = articles.len() > SEARCH_FROM;
    let found = move || {
        let query = search.get().trim().to_lowercase();
        articles
            .iter()
            .filter(|article| article.title.to_lowercase().contains(&query))
            .cloned()
            .collect::<Vec<_>>()
    };
    let found = Memo::new(move |_| found());
    let count = move || {
        let count = linked.with(Vec::len).to_string();
        fill(words.linked_count, &[("count", &count)])
    };
    view! {
        <fieldset class="picker">
            <legend>
                {words.articles} <span class="field-aside">{count}</span>
            </legend>
            {searchable
                .then(|| view! {
                    <input
                        class="input"
                        type="search"
                        aria-label=words.search_articles
                        placeholder=words.search_articles
                        bind:value=search
                    />
                })}
            <ul class="picker-list">
                <For each=move || found.get() key=|article| article.id let(article)>
                    <Row article=article linked=linked/>
                </For>
            </ul>
            <Show when=move || found.with(Vec::is_empty)>
                <p class="muted">{words.no_article_found}</p>
            </Show>
        </fieldset>
    }
}

#[component]
fn Row(article: Article, linked: RwSignal<Vec<ArticleId>>) -> impl IntoView {
    let id = article.id;
    let toggle = move |_| {
        linked.update(|linked| match linked.iter().position(|other| *other == id) {
            Some(place) => {
                linked.remove(place);
            }
            None => linked.push(id),
        });
    };
    let passages = plural(
        u64::from(article.passages),
        t().knowledge.one_passage,
        t().knowledge.passages_count,
    );
    view! {
        <li>
            <label class="picker-row">
                <input
                    type="checkbox"
                    aria-label=article.title.clone()
                    prop:checked=move || linked.with(|linked| linked.contains(&id))
                    on:change=toggle
                />
                <span class="picker-title">{article.title}</span>
                <span class="muted">{passages}</span>
            </label>
        </li>
    }
}
