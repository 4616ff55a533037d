use leptos::prelude::*;
use leptos_router::hooks::use_location;

use cavuer_protocol::console::ConversationSummary;
use cavuer_protocol::{ConversationId, Handling};

use crate::components::badge::{Badge, Tone};
use crate::components::icon::Icon;
use crate::components::rich_text::plain_text;
use crate::components::time_ago::TimeAgo;
use crate::route;
use crate::text::t;

/// One line of the list: a link named by the visitor's id.
#[component]
pub fn ChatRow(id: ConversationId, rows: Memo<Vec<ConversationSummary>>) -> impl IntoView {
    let words = &t().chats;
    let location = use_location();
    let summary =
        Memo::new(move |_| rows.with(|rows| rows.iter().find(|row| row.id == id).cloned()));
    let href = move || {
        let search = location.search.get();
        match search.trim_start_matches('?') {
            "" => route::chat(id),
            search => format!("{}?{search}", route::chat(id)),
        }
    };
    let current = move || (location.pathname.get() == route::chat(id)).then_some("page");
    let draw = move |row: ConversationSummary| {
        let name = row.visitor.name.clone();
        let verified = row.visitor.verified;
        let waits = row.person_wanted.is_some();
        let by_person = matches!(row.handling, Handling::Operator { .. });
        view! {
            <div class="chat-row-head">
                <a class="row-link" href=href aria-current=current>{row.visitor.id}</a>
                {verified
                    .then(|| view! {
                        <span class="verified" title=words.verified_hint>
                            {Icon::Verified.view()}
                            <span class="visually-hidden">{words.verified}</span>
                        </span>
                    })}
                <span class="chat-row-time muted"><TimeAgo at=row.updated_at/></span>
            </div>
            {name.map(|name| view! { <p class="chat-row-name">{name}</p> })}
            <p class="chat-row-preview muted" dir="auto">{plain_text(&row.preview)}</p>
            <div class="chat-row-foot">
                <span class="muted">{row.channel_name}</span>
                {waits
                    .then(|| view! {
                        <Badge text=words.waits tone=Tone::Warning icon=Icon::Hand/>
                    })}
                {by_person.then(|| view! { <Badge text=words.you_answer tone=Tone::Accent/> })}
                {row
                    .failure
                    .is_some()
                    .then(|| view! {
                        <Badge text=words.failed_list tone=Tone::Danger icon=Icon::Warning/>
                    })}
            </div>
        }
    };
    view! {
        <li class="chat-row" class:is-current=move || current().is_some()>
            {move || summary.get().map(draw)}
        </li>
    }
}
