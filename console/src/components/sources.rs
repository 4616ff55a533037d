use leptos::prelude::*;

use cavuer_protocol::Source;

use crate::route;
use crate::text::{fill, plural, t};

use super::icon::Icon;

/// The passages that an answer is from, folded; nothing if there are none.
#[component]
pub fn Sources(sources: Vec<Source>) -> impl IntoView {
    let words = &t().chats;
    (!sources.is_empty()).then(|| {
        let count = plural(sources.len() as u64, words.one_source, words.sources);
        let rows = sources.into_iter().map(|source| view! { <SourceRow source=source/> });
        view! {
            <details class="sources">
                <summary>{Icon::Book.view()} <span>{count}</span></summary>
                <ol>{rows.collect_view()}</ol>
            </details>
        }
    })
}

#[component]
fn SourceRow(source: Source) -> impl IntoView {
    let words = &t().chats;
    let Source { title, page, excerpt, article } = source;
    let title = match article {
        Some(article) => view! { <a href=route::article(article)>{title}</a> }.into_any(),
        None => view! { <span title=words.article_gone>{title}</span> }.into_any(),
    };
    let page = page.map(|page| fill(words.page, &[("page", &page.to_string())]));
    view! {
        <li>
            <p class="source-title">{title} {page.map(|page| view! { <span class="muted">{page}</span> })}</p>
            <blockquote dir="auto">{excerpt}</blockquote>
        </li>
    }
}
