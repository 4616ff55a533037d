use leptos::html;
use leptos::prelude::*;
use leptos::task::{spawn_local, tick};

use cavuer_protocol::{Author, Draft, Timestamp};

use crate::components::button::{Button, Weight};
use crate::components::icon::Icon;
use crate::components::rich_text::rich_text;
use crate::components::sources::Sources;
use crate::form::Form;
use crate::pages::chats::{Outbox, Outgoing};
use crate::text::{fill, t};
use crate::time::{clock, exact, machine};

use super::attachments::Attachments;
use super::calls::CallView;
use super::chat::Chat;
use super::composer::send;
use super::entries::{Entry, author_class, author_name, entries, heard};
use super::usage::usage_line;

/// So close to the end, in pixels, counts as being there.
const NEAR_END: i32 = 48;

/// The messages, the answer that is being written, and replies on their way. The view follows
/// the end only while the reader is there.
#[component]
pub fn Messages(chat: Chat) -> impl IntoView {
    let words = &t().chats;
    let outbox: Outbox = expect_context();
    let pane = NodeRef::<html::Div>::new();
    let at_end = RwSignal::new(true);
    let items = Memo::new(move |_| {
        let now = Timestamp(js_sys::Date::now() as i64);
        chat.conversation.with(|known| entries(&known.messages, now))
    });
    let draft = Memo::new(move |_| chat.conversation.with(|known| known.draft.clone()));
    let has_older = Memo::new(move |_| chat.conversation.with(|known| known.has_older));
    let outgoing = Memo::new(move |_| {
        let mut outgoing = outbox.of(chat.id);
        chat.conversation.with(|known| outgoing.retain(|outgoing| !known.contains(outgoing.id)));
        outgoing
    });
    let to_end = move || {
        spawn_local(async move {
            tick().await;
            if let Some(Some(pane)) = pane.try_get_untracked() {
                pane.set_scroll_top(pane.scroll_height());
            }
        });
    };
    Effect::new(move |_| {
        items.track();
        draft.track();
        chat.calls.track();
        outgoing.track();
        // Files that are to go along take room from the conversation.
        chat.enclosing.track();
        pane.track();
        if at_end.get_untracked() {
            to_end();
        }
    });
    let on_scroll = move |_| {
        if let Some(pane) = pane.get_untracked() {
            let left = pane.scroll_height() - pane.scroll_top() - pane.client_height();
            at_end.set(left <= NEAR_END);
        }
    };
    let older = Form::new();
    let load_older = move || {
        let first = chat
            .conversation
            .with_untracked(|known| known.messages.first().map(|message| message.seq));
        let Some(first) = first else { return };
        let request = async move { chat.workspace.older_messages(chat.id, first).await };
        older.send(request, move |page| {
            let height = move || pane.get_untracked().map_or(0, |pane| pane.scroll_height());
            let before = height();
            chat.conversation.update(|known| known.prepend(page.messages, page.has_older));
            // The message that was on top stays where it is.
            spawn_local(async move {
                tick().await;
                if let Some(Some(pane)) = pane.try_get_untracked() {
                    pane.set_scroll_top(pane.scroll_top() + pane.scroll_height() - before);
                }
            });
        });
    };
    view! {
        <div class="messages-frame">
            <div
                class="messages"
                role="log"
                aria-label=words.thread
                tabindex="0"
                node_ref=pane
                on:scroll=on_scroll
            >
                <Show when=move || has_older.get()>
                    <div class="load-more">
                        <Button
                            label=words.load_older
                            weight=Weight::Quiet
                            busy=older.busy
                            on_press=load_older
                        />
                    </div>
                </Show>
                <p class="form-error" role="alert">{older.general(&[])}</p>
                <For
                    each=move || items.get()
                    key=|entry: &Entry| {
                        let known = heard(&entry.message);
                        (entry.message.id, entry.leads, entry.day.clone(), known)
                    }
                    let(entry)
                >
                    <MessageAndCalls chat=chat entry=entry/>
                </For>
                {move || draft.get().map(|draft| view! { <DraftView draft=draft/> })}
                <For
                    each=move || outgoing.get()
                    key=|outgoing| (outgoing.id, outgoing.failure.clone())
                    let(outgoing)
                >
                    <OutgoingView chat=chat outgoing=outgoing/>
                </For>
            </div>
            <Show when=move || !at_end.get()>
                <button
                    class="to-end"
                    type="button"
                    on:click=move |_| {
                        at_end.set(true);
                        to_end();
                    }
                >
                    {Icon::Down.view()}
                    <span>{words.new_messages}</span>
                </button>
            </Show>
        </div>
    }
}

/// A message, and what was called after it.
#[component]
fn MessageAndCalls(chat: Chat, entry: Entry) -> impl IntoView {
    let seq = entry.message.seq;
    let calls = Memo::new(move |_| {
        chat.calls.with(|calls| {
            calls.iter().filter(|call| call.after == seq).cloned().collect::<Vec<_>>()
        })
    });
    view! {
        <MessageView chat=chat entry=entry/>
        <For each=move || calls.get() key=|call| (call.id, call.ended_at) let(call)>
            <CallView call=call/>
        </For>
    }
}

#[component]
fn MessageView(chat: Chat, entry: Entry) -> impl IntoView {
    let message = entry.message;
    let id = message.id;
    let usage = Memo::new(move |_| chat.usage.with(|known| known.get(&id).map(usage_line)));
    let at = message.created_at;
    let head = entry.leads.then(|| {
        view! {
            <p class="message-head">
                <span class="message-author">{author_name(&message.author)}</span>
                <time class="muted" datetime=machine(at) title=exact(at)>{clock(at)}</time>
            </p>
        }
    });
    let plain = matches!(message.author, Author::Visitor);
    view! {
        {entry.day.map(|day| view! { <p class="day"><span>{day}</span></p> })}
        <article class=format!("message {}", author_class(&message.author))>
            {head}
            {(!message.text.is_empty()).then(|| view! {
                <div class="message-text" class:is-plain=plain dir="auto">
                    {if plain { message.text.into_any() } else { rich_text(&message.text) }}
                </div>
            })}
            <Attachments chat=chat all=message.attachments/>
            <Sources sources=message.sources/>
            {move || usage.get().map(|usage| view! { <p class="message-foot muted">{usage}</p> })}
        </article>
    }
}

/// An answer that is still growing.
#[component]
fn DraftView(draft: Draft) -> impl IntoView {
    let name = author_name(&draft.author);
    let typing = fill(t().chats.typing, &[("name", &name)]);
    view! {
        <article class=format!("message is-draft {}", author_class(&draft.author)) aria-busy="true">
            <p class="message-head"><span class="message-author">{name}</span></p>
            <div class="message-text" dir="auto">
                {if draft.text.is_empty() {
                    view! {
                        <span class="dots" role="img" aria-label=typing>
                            <span></span><span></span><span></span>
                        </span>
                    }
                        .into_any()
                } else {
                    rich_text(&draft.text)
                }}
            </div>
        </article>
    }
}

/// A reply that the server has not confirmed.
#[component]
fn OutgoingView(chat: Chat, outgoing: Outgoing) -> impl IntoView {
    let words = &t().chats;
    let outbox: Outbox = expect_context();
    let Outgoing { id, text, attachments, failure } = outgoing;
    let shown = (!text.is_empty()).then(|| {
        view! { <div class="message-text" dir="auto">{rich_text(&text)}</div> }
    });
    let sent = attachments.clone();
    let foot = match failure {
        None => view! { <p class="message-foot muted">{words.sending}</p> }.into_any(),
        Some(reason) => {
            let again = (text.clone(), attachments.clone());
            let edit = move || {
                outbox.remove(chat.id, id);
                chat.enclosing.take_back(attachments.clone());
                chat.reply.update(|reply| {
                    let rest = std::mem::take(reply);
                    *reply = format!("{text}\n{rest}").trim_end().to_owned();
                });
            };
            view! {
                <div class="message-foot is-failed" role="alert">
                    <span>{fill(words.not_sent, &[("reason", &reason)])}</span>
                    <button
                        class="link-button"
                        type="button"
                        on:click=move |_| {
                            let (text, attachments) = again.clone();
                            send(chat, outbox, id, text, attachments);
                        }
                    >
                        {t().common.retry}
                    </button>
                    <button class="link-button" type="button" on:click=move |_| edit()>
                        {words.edit}
                    </button>
                </div>
            }
            .into_any()
        }
    };
    view! {
        <article class="message is-operator is-outgoing">
            {shown}
            <Attachments chat=chat all=sent/>
            {foot}
        </article>
    }
}
