mod delete;
mod replace;

use leptos::prelude::*;

use cavuer_protocol::ArticleId;
use cavuer_protocol::console::{Agent, ArticleDetail, ArticleStatus, ConsoleEvent};
use cavuer_protocol::limits::ARTICLE_BYTES;

use crate::api::use_workspace;
use crate::components::badge::{Note, Tone};
use crate::components::field::TextArea;
use crate::components::icon::Icon;
use crate::components::page::Page;
use crate::components::saving::Saving;
use crate::components::section::Section;
use crate::components::skeleton::SkeletonSections;
use crate::form::Form;
use crate::live::use_live;
use crate::loader::{Load, loaded, use_loader};
use crate::pages::knowledge::status::{IndexingBar, RetryButton};
use crate::route;
use crate::text::{fill, plural, t, told};

use super::for_id;
use delete::DeleteArticle;
use replace::ReplaceFile;

/// `/knowledge/{id}`
#[component]
pub fn ArticlePage() -> impl IntoView {
    for_id(|id: ArticleId| view! { <ArticleView id=id/> })
}

#[component]
fn ArticleView(id: ArticleId) -> impl IntoView {
    let words = &t().knowledge;
    let workspace = use_workspace();
    let both = use_loader(move || async move {
        let detail = workspace.article(id).await?;
        let mut agents = workspace.agents().await?;
        agents.retain(|agent| detail.article.agents.contains(&agent.id));
        Ok((detail, agents))
    });
    let title = Memo::new(move |_| {
        both.state.with(|both| match both {
            Load::Ready((detail, _)) => detail.article.title.clone(),
            _ => words.article_fallback.to_owned(),
        })
    });
    view! {
        <Page
            title=title
            up=Some((route::knowledge(), t().shell.knowledge.to_owned()))
        >
            {loaded(
                both,
                || view! { <SkeletonSections count=2/> },
                |(detail, agents)| view! { <ArticleForm detail=detail agents=agents/> },
            )}
        </Page>
    }
}

#[component]
fn ArticleForm(detail: ArticleDetail, agents: Vec<Agent>) -> impl IntoView {
    let words = &t().knowledge;
    let workspace = use_workspace();
    let id = detail.article.id;
    let content = RwSignal::new(detail.content.clone());
    let saved = RwSignal::new(detail);
    let form = Form::new();
    let changes = Memo::new(move |_| content.get());
    let changed = Memo::new(move |_| {
        let differs = saved.with(|saved| content.with(|content| *content != saved.content));
        if differs { vec![words.content] } else { Vec::new() }
    });
    let check = move || {
        let wrong = content.with_untracked(|text| {
            if text.trim().is_empty() {
                Some(words.content_missing)
            } else if text.len() > ARTICLE_BYTES {
                Some(words.content_large)
            } else {
                None
            }
        });
        [("content", wrong.map(str::to_owned))]
    };
    // When the article has been read, its text is another one.
    let refresh = move || {
        leptos::task::spawn_local(async move {
            let Ok(detail) = workspace.article(id).await else { return };
            let Some(untouched) = changed.try_get_untracked() else { return };
            if untouched.is_empty() {
                content.set(detail.content.clone());
            }
            saved.set(detail);
        });
    };
    use_live().listen(move |event| match event {
        ConsoleEvent::Resync => refresh(),
        ConsoleEvent::ArticleListed { article } if article.id == id => {
            let is_settled = !article.status.is_in_work();
            saved.update(|detail| detail.article = article);
            if is_settled {
                refresh();
            }
        }
        _ => {}
    });
    let replaced = move |article| saved.update(|detail| detail.article = article);
    // Until a first file has been read there is nothing to edit.
    let has_content = Memo::new(move |_| saved.with(|detail| !detail.content.is_empty()));
    let has_pages = Memo::new(move |_| saved.with(|detail| detail.content.starts_with("[Page ")));
    let facts = move || saved.with(describe);
    let names: Vec<String> = agents.iter().map(|agent| agent.settings.name.clone()).collect();
    view! {
        <Section title=words.content_section about=words.content_about>
            <p class="muted">{facts}</p>
            {move || saved.with(state)}
            <Show when=move || has_content.get() || !changed.with(Vec::is_empty)>
                <TextArea
                    label=words.content
                    value=content
                    rows=20
                    hint=MaybeProp::derive(move || has_pages.get().then(|| words.pages_hint.to_owned()))
                    error=form.field("content")
                />
            </Show>
            <ReplaceFile article=id on_replaced=replaced/>
        </Section>
        <Section title=words.used_by about=words.used_by_about>
            {if agents.is_empty() {
                view! { <p class="muted">{words.used_by_none}</p> }.into_any()
            } else {
                view! {
                    <ul class="plain-list">
                        {agents
                            .into_iter()
                            .map(|agent| view! { <li><a href=route::agent(agent.id)>{agent.settings.name}</a></li> })
                            .collect_view()}
                    </ul>
                }
                    .into_any()
            }}
        </Section>
        <Section title=words.danger about=words.danger_about>
            <DeleteArticle article=saved agents=names/>
        </Section>
        <Saving
            form=form
            fields=&["content"]
            saved=saved
            changes=changes
            changed=changed
            check=check
            request=move |text| async move { workspace.change_article(id, text).await }
            load=move |detail: &ArticleDetail| content.set(detail.content.clone())
        />
    }
}

/// Where the article stands, and what is to be known about its text.
fn state(detail: &ArticleDetail) -> impl IntoView + use<> {
    let words = &t().knowledge;
    let article = &detail.article;
    let id = article.id;
    let has_old_text = article.passages > 0;
    let status = match &article.status {
        ArticleStatus::Ready => ().into_any(),
        ArticleStatus::Queued | ArticleStatus::Indexing { .. } => {
            let percent = match article.status {
                ArticleStatus::Indexing { percent } => percent,
                _ => 0,
            };
            view! {
                <Note tone=Tone::Accent>
                    <IndexingBar percent=percent/>
                    {has_old_text.then(|| view! { <p>{words.in_work_old}</p> })}
                </Note>
            }
            .into_any()
        }
        ArticleStatus::Failed { reason, notice } => {
            let reason = told(reason, notice.as_ref());
            view! { <Note tone=Tone::Danger icon=Icon::Warning>
                <p><strong>{words.failed_title}</strong></p>
                <p>{reason}</p>
                {has_old_text.then(|| view! { <p>{words.failed_old}</p> })}
                <RetryButton article=id/>
            </Note>
            }
            .into_any()
        }
    };
    let notes: Vec<_> = article
        .notes
        .iter()
        .enumerate()
        .map(|(place, note)| {
            let note = told(note, article.note_notices.get(place));
            view! { <Note tone=Tone::Warning icon=Icon::Warning><p>{note}</p></Note> }
        })
        .collect();
    view! { {status} {notes} }
}

/// "From prices.txt · 1,024 characters, 3 passages"
fn describe(detail: &ArticleDetail) -> String {
    let words = &t().knowledge;
    let article = &detail.article;
    let source = match &article.file_name {
        Some(file) => fill(words.from_file, &[("file", file)]),
        None => words.typed.to_owned(),
    };
    let size = fill(
        words.article_about,
        &[
            ("chars", &plural(article.chars, words.one_char, words.chars)),
            (
                "passages",
                &plural(u64::from(article.passages), words.one_passage, words.passages_count),
            ),
        ],
    );
    format!("{source} · {size}")
}
