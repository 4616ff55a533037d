mod delete;

use leptos::prelude::*;

use cavuer_protocol::ArticleId;
use cavuer_protocol::console::{Agent, ArticleDetail};
use cavuer_protocol::limits::ARTICLE_BYTES;

use crate::api::use_workspace;
use crate::components::field::TextArea;
use crate::components::page::Page;
use crate::components::saving::Saving;
use crate::components::section::Section;
use crate::components::skeleton::SkeletonSections;
use crate::form::Form;
use crate::loader::{Load, loaded, use_loader};
use crate::route;
use crate::text::{fill, plural, t};

use super::for_id;
use delete::DeleteArticle;

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
    let facts = move || saved.with(describe);
    let names: Vec<String> = agents.iter().map(|agent| agent.settings.name.clone()).collect();
    view! {
        <Section title=words.content_section about=words.content_about>
            <p class="muted">{facts}</p>
            <TextArea
                label=words.content
                value=content
                rows=20
                error=form.field("content")
            />
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
