mod attachments;
mod calls;
mod chat;
mod composer;
mod enclosing;
mod entries;
mod kept_reply;
mod messages;
mod usage;
mod visitor;

use leptos::html;
use leptos::prelude::*;

use cavuer_protocol::ConversationId;
use cavuer_protocol::console::ConversationSummary;

use crate::components::badge::{Badge, Note, Tone};
use crate::components::button::{Button, Weight};
use crate::components::failure::Failure;
use crate::components::icon::Icon;
use crate::components::page::{Visited, set_document_title};
use crate::components::skeleton::SkeletonRows;
use crate::route;
use crate::text::{fill, t, told_if_any};

use super::for_id;
use chat::{Chat, Phase};
use composer::Composer;
use messages::Messages;
use visitor::VisitorPanel;

pub use usage::usage_line;

/// `/chats/{id}`: one conversation and its visitor.
#[component]
pub fn ThreadPage() -> impl IntoView {
    for_id(|id: ConversationId| view! { <Thread id=id/> })
}

#[component]
fn Thread(id: ConversationId) -> impl IntoView {
    let words = &t().chats;
    let chat = Chat::open(id);
    let details = RwSignal::new(false);
    set_document_title(move || {
        chat.summary
            .with(|summary| summary.as_ref().map(|s| s.visitor.id.clone()))
            .unwrap_or_default()
    });
    let failure = move || {
        let reason = chat.summary.with(|summary| {
            let summary = summary.as_ref()?;
            told_if_any(summary.failure.as_deref(), summary.failure_notice.as_ref())
        })?;
        Some(view! {
            <div class="thread-note">
                <Note tone=Tone::Danger icon=Icon::Warning>
                    <p>{fill(words.failure, &[("reason", &reason)])}</p>
                </Note>
            </div>
        })
    };
    move || match chat.phase.get() {
        Phase::Waiting => view! {
            <section class="thread"><SkeletonRows count=5/></section>
        }
        .into_any(),
        Phase::Failed(error) => view! {
            <section class="thread">
                <a class="button is-quiet thread-back" href=route::chats()>
                    {Icon::Back.view()} <span>{words.back}</span>
                </a>
                <Failure error=error on_retry=move || chat.refresh()/>
            </section>
        }
        .into_any(),
        Phase::Ready => view! {
            <section class="thread" aria-labelledby="thread-title">
                <ThreadHead chat=chat details=details/>
                <Messages chat=chat/>
                {failure}
                <Composer chat=chat/>
            </section>
            <VisitorPanel chat=chat open=details/>
        }
        .into_any(),
    }
}

#[component]
fn ThreadHead(chat: Chat, details: RwSignal<bool>) -> impl IntoView {
    let words = &t().chats;
    let heading = NodeRef::<html::H1>::new();
    let visited: Visited = expect_context();
    Effect::new(move |_| {
        if let Some(heading) = heading.get() {
            visited.focus(&heading);
        }
    });
    let draw = move |summary: ConversationSummary| {
        let about = format!("{} · {}", summary.channel_name, summary.agent_name);
        let (text, tone, icon) = if summary.visitor.verified {
            (words.verified, Tone::Success, Icon::Verified)
        } else {
            (words.guest, Tone::Neutral, Icon::User)
        };
        view! {
            <div class="thread-words">
                <h1 id="thread-title" tabindex="-1" node_ref=heading>{summary.visitor.id}</h1>
                <p class="muted">{about}</p>
            </div>
            <Badge text=text tone=tone icon=icon/>
        }
    };
    // Only what the head shows; a new message does not draw it again.
    let shown = Memo::new(move |_| {
        chat.summary.with(|summary| {
            let mut summary = summary.clone()?;
            summary.preview.clear();
            summary.updated_at = Default::default();
            Some(summary)
        })
    });
    view! {
        <header class="thread-head">
            <a class="button is-quiet is-icon thread-back" href=route::chats() aria-label=words.back>
                {Icon::Back.view()}
            </a>
            {move || shown.get().map(draw)}
            <span class="thread-details">
                <Button
                    label=words.visitor
                    weight=Weight::Quiet
                    icon=Icon::User
                    on_press=move || details.update(|open| *open = !*open)
                />
            </span>
        </header>
    }
}
