use leptos::prelude::*;

use cavuer_protocol::ArticleId;
use cavuer_protocol::console::ArticleStatus;

use crate::api::use_workspace;
use crate::components::button::{Button, Weight};
use crate::components::icon::Icon;
use crate::form::Form;
use crate::text::{fill, t, told};

/// Where an article stands on its way to be found. Nothing where it is found.
#[component]
pub fn StatusLine(article: ArticleId, status: ArticleStatus) -> impl IntoView {
    let words = &t().knowledge;
    match status {
        ArticleStatus::Ready => ().into_any(),
        ArticleStatus::Queued => {
            view! { <p class="status-line muted">{words.queued}</p> }.into_any()
        }
        ArticleStatus::Indexing { percent } => view! { <IndexingBar percent=percent/> }.into_any(),
        ArticleStatus::Failed { reason, notice } => view! {
            <div class="status-line is-danger">
                {Icon::Warning.view()}
                <p>{told(&reason, notice.as_ref())}</p>
                <RetryButton article=article/>
            </div>
        }
        .into_any(),
    }
}

/// How far the indexing of an article is.
#[component]
pub fn IndexingBar(percent: u8) -> impl IntoView {
    let percent = percent.to_string();
    let text = fill(t().knowledge.indexing, &[("percent", &percent)]);
    view! {
        <div class="status-line progress">
            <progress max="100" value=percent aria-label=text.clone()></progress>
            <span class="muted">{text}</span>
        </div>
    }
}

/// Lets the server try again to read an article. The news comes as an event.
#[component]
pub fn RetryButton(article: ArticleId) -> impl IntoView {
    let workspace = use_workspace();
    let form = Form::new();
    let retry = move || form.send(async move { workspace.retry_article(article).await }, |_| ());
    view! {
        <Button
            label=t().knowledge.retry
            weight=Weight::Quiet
            icon=Icon::Rotate
            busy=form.busy
            on_press=retry
        />
        <p class="form-error" role="alert">{form.general(&[])}</p>
    }
}
