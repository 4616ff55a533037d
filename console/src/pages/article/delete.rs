use leptos::prelude::*;

use cavuer_protocol::console::ArticleDetail;

use crate::api::use_workspace;
use crate::components::delete_action::DeleteAction;
use crate::route;
use crate::text::{fill, t};

/// Deletes an article, after naming the agents that lose it.
#[component]
pub fn DeleteArticle(article: RwSignal<ArticleDetail>, agents: Vec<String>) -> impl IntoView {
    let words = &t().knowledge;
    let workspace = use_workspace();
    let title = move || {
        article.with(|detail| fill(words.delete_title, &[("title", &detail.article.title)]))
    };
    let request = move || {
        let id = article.with_untracked(|detail| detail.article.id);
        async move { workspace.delete_article(id).await }
    };
    let losers = StoredValue::new(agents);
    view! {
        <DeleteAction
            label=words.delete
            title=Signal::derive(title)
            done=words.deleted
            leads_to=route::knowledge()
            request=request
        >
            {move || {
                let losers = losers.get_value();
                if losers.is_empty() {
                    return view! { <p>{words.delete_unused}</p> }.into_any();
                }
                view! {
                    <p>{words.delete_used}</p>
                    <ul class="plain-list">
                        {losers.into_iter().map(|name| view! { <li>{name}</li> }).collect_view()}
                    </ul>
                }
                .into_any()
            }}
        </DeleteAction>
    }
}
