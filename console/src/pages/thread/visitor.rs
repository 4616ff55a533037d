use leptos::prelude::*;

use crate::components::badge::{Badge, Tone};
use crate::components::button::IconButton;
use crate::components::copy_button::CopyButton;
use crate::components::delete_action::DeleteAction;
use crate::components::icon::Icon;
use crate::text::t;

use super::chat::Chat;

/// Who the visitor is. Beside the thread on wide screens, over it on others.
#[component]
pub fn VisitorPanel(chat: Chat, open: RwSignal<bool>) -> impl IntoView {
    let words = &t().chats;
    let facts = Memo::new(move |_| {
        chat.summary.with(|summary| {
            let summary = summary.as_ref()?;
            Some((
                summary.visitor.clone(),
                summary.channel,
                summary.channel_name.clone(),
                summary.agent_name.clone(),
            ))
        })
    });
    let draw = move || {
        let (visitor, channel, channel_name, agent_name) = facts.get()?;
        let (text, tone, icon) = if visitor.verified {
            (words.verified, Tone::Success, Icon::Verified)
        } else {
            (words.guest, Tone::Neutral, Icon::User)
        };
        let fact = |name: &'static str, value: String| {
            view! { <div class="fact"><dt>{name}</dt><dd dir="auto">{value}</dd></div> }
        };
        Some(view! {
            <dl class="facts">
                <div class="fact">
                    <dt>{words.id}</dt>
                    <dd>
                        <code class="visitor-id" dir="ltr">{visitor.id.clone()}</code>
                        <CopyButton text=visitor.id/>
                    </dd>
                </div>
                <div class="fact">
                    <dt>{words.identity}</dt>
                    <dd><Badge text=text tone=tone icon=icon/></dd>
                </div>
                {visitor.name.map(|name| fact(words.name, name))}
                {visitor.email.map(|email| fact(words.email, email))}
                <div class="fact">
                    <dt>{words.channel}</dt>
                    <dd><a href=crate::route::channel(channel)>{channel_name}</a></dd>
                </div>
                {fact(words.agent, agent_name)}
            </dl>
        })
    };
    view! {
        <aside
            class="visitor"
            class:is-open=move || open.get()
            aria-label=words.details
        >
            <div class="visitor-head">
                <h2>{words.details}</h2>
                <span class="visitor-close">
                    <IconButton
                        label=t().common.close
                        icon=Icon::Close
                        on_press=move || open.set(false)
                    />
                </span>
            </div>
            {draw}
            <div class="visitor-end">
                <DeleteAction
                    label=words.delete
                    title=words.delete_title
                    done=words.deleted
                    leads_to=crate::route::chats()
                    request=move || async move { chat.workspace.delete_conversation(chat.id).await }
                >
                    <p>{words.delete_body}</p>
                </DeleteAction>
            </div>
        </aside>
    }
}
