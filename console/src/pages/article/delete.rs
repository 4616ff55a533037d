use leptos::prelude::*;

use cavuer_protocol::console::ArticleDetail;

use crate::api::use_workspace;
use crate::components::button::{Button, Weight};
use crate::components::confirm::ConfirmDialog;
use crate::components::icon::Icon;
use crate::components::toast::use_toasts;
use crate::form::Form;
use crate::route::{self, use_go};
use crate::text::{fill, t};
use crate::unsaved::Unsaved;

/// Deletes an article, after naming the agents that lose it.
#[component]
pub fn DeleteArticle(article: RwSignal<ArticleDetail>, agents: Vec<String>) -> impl IntoView {
    let words = &t().knowledge;
    let workspace = use_workspace();
    let toasts = use_toasts();
    let go = use_go();
    let unsaved: Unsaved = expect_context();
    let open = RwSignal::new(false);
    let form = Form::new();
    let delete = move || {
        let id = article.with_untracked(|detail| detail.article.id);
        form.send(async move { workspace.delete_article(id).await }, move |()| {
            unsaved.forget();
            open.set(false);
            toasts.say(words.deleted);
            go.replace(&route::knowledge());
        });
    };
    let title = move || {
        article.with(|detail| fill(words.delete_title, &[("title", &detail.article.title)]))
    };
    let losers = StoredValue::new(agents);
    view! {
        <div>
            <Button
                label=words.delete
                weight=Weight::Danger
                icon=Icon::Trash
                on_press=move || open.set(true)
            />
        </div>
        <ConfirmDialog
            open=open
            title=title
            confirm=t().common.delete
            busy=form.busy
            error=form.general(&[])
            on_confirm=delete
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
        </ConfirmDialog>
    }
}
