use leptos::ev::{ClipboardEvent, KeyboardEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use cavuer_protocol::limits::MESSAGE_CHARS;
use cavuer_protocol::widget::PostMessage;
use cavuer_protocol::{
    Attachment, ConversationEvent, Handling, MessageId, TextRefused, accept_caption, accept_text,
};

use crate::browser::new_message_id;
use crate::components::button::{Button, IconButton, Weight};
use crate::components::icon::Icon;
use crate::form::Form;
use crate::pages::chats::Outbox;
use crate::state::use_session;
use crate::text::{fill, t, told};

use super::chat::Chat;
use super::enclosing::EnclosedFiles;
use super::kept_reply::keep_reply;

/// What the server takes; it looks at the content.
const ACCEPTED: &str = "image/png,image/jpeg,image/webp,image/gif,application/pdf,.pdf,.txt";

/// Where an operator answers. Writing takes the conversation over from the agent.
#[component]
pub fn Composer(chat: Chat) -> impl IntoView {
    let words = &t().chats;
    let outbox: Outbox = expect_context();
    let text = chat.reply;
    let input = NodeRef::<html::Textarea>::new();
    Effect::new(move |_| text.with(|text| keep_reply(chat.id, text)));

    let over = move || {
        text.with(|text| match accept_text(text) {
            Err(TextRefused::TooLong(count)) => Some(count - MESSAGE_CHARS),
            _ => None,
        })
    };
    let too_long =
        move || over().map(|count| fill(words.too_long, &[("count", &count.to_string())]));
    let enclosing = chat.enclosing;
    let accepted = move || {
        let accept = if enclosing.is_empty() { accept_text } else { accept_caption };
        text.with(|text| accept(text))
    };
    let nothing = move || accepted().is_err();
    let submit = move || {
        let Ok(accepted) = untrack(accepted) else { return };
        let Some(attachments) = enclosing.take() else {
            return enclosing.problem.set(Some(words.still_uploading.to_owned()));
        };
        text.set(String::new());
        send(chat, outbox, new_message_id(), accepted, attachments);
        if let Some(input) = input.get_untracked() {
            let _ = input.focus();
        }
    };
    let on_paste = move |event: ClipboardEvent| {
        let files = event.clipboard_data().and_then(|data| data.files()).map(listed);
        if let Some(files) = files.filter(|files| !files.is_empty()) {
            event.prevent_default();
            enclosing.add(files);
        }
    };
    let chooser = NodeRef::<html::Input>::new();
    let on_choose = move |_| {
        if let Some(chooser) = chooser.get_untracked() {
            enclosing.add(chooser.files().map(listed).unwrap_or_default());
            // The same file can be chosen again.
            chooser.set_value("");
        }
    };
    let open_chooser = move || {
        if let Some(chooser) = chooser.get_untracked() {
            chooser.click();
        }
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Enter" && !event.shift_key() && !event.is_composing() {
            event.prevent_default();
            submit();
        }
    };
    view! {
        <div class="composer">
            <HandlingLine chat=chat/>
            <EnclosedFiles enclosing=enclosing/>
            <form
                class="composer-form"
                on:submit=move |event: SubmitEvent| {
                    event.prevent_default();
                    submit();
                }
            >
                <input
                    class="visually-hidden"
                    type="file"
                    multiple
                    accept=ACCEPTED
                    tabindex="-1"
                    aria-label=words.attach
                    node_ref=chooser
                    on:change=on_choose
                />
                <IconButton label=words.attach icon=Icon::Clip on_press=open_chooser/>
                <textarea
                    class="input composer-input"
                    aria-label=words.reply
                    aria-describedby="composer-note"
                    placeholder=words.placeholder
                    rows="2"
                    dir="auto"
                    node_ref=input
                    bind:value=text
                    on:keydown=on_key
                    on:paste=on_paste
                ></textarea>
                <Button
                    label=words.send
                    weight=Weight::Primary
                    submit=true
                    disabled=Signal::derive(nothing)
                />
            </form>
            <p class="field-error" id="composer-note" aria-live="polite">{too_long}</p>
        </div>
    }
}

/// Sends a reply, or sends it again under the same id.
pub fn send(chat: Chat, outbox: Outbox, id: MessageId, text: String, attachments: Vec<Attachment>) {
    let ids = attachments.iter().map(|attachment| attachment.id).collect();
    outbox.begin(chat.id, id, text.clone(), attachments);
    spawn_local(async move {
        let message = PostMessage { attachments: ids, ..PostMessage::new(id, text) };
        match chat.workspace.post_message(chat.id, &message).await {
            Ok(message) => {
                chat.apply(ConversationEvent::MessageAdded { message });
                outbox.remove(chat.id, id);
            }
            Err(error) => outbox.fail(chat.id, id, error.message()),
        }
    });
}

fn listed(files: web_sys::FileList) -> Vec<web_sys::File> {
    (0..files.length()).filter_map(|index| files.get(index)).collect()
}

/// Says who answers, and changes it.
#[component]
fn HandlingLine(chat: Chat) -> impl IntoView {
    let words = &t().chats;
    let session = use_session();
    let form = Form::new();
    let handling = Memo::new(move |_| chat.conversation.with(|known| known.handling.clone()));
    let by_agent = Memo::new(move |_| handling.with(|by| !matches!(by, Handling::Operator { .. })));
    let wanted = Memo::new(move |_| {
        chat.summary.with(|summary| summary.as_ref().and_then(|s| s.person_wanted.clone()))
    });
    let line = move || match handling.get() {
        Handling::Agent | Handling::Awaited => {
            let agent = chat.summary.with(|summary| summary.as_ref().map(|s| s.agent_name.clone()));
            let agent = agent.unwrap_or_default();
            match wanted.get() {
                Some(wanted) if wanted.until.is_some() => words.waiting_until.to_owned(),
                Some(_) => fill(words.waiting_over, &[("name", &agent)]),
                None => fill(words.agent_answers, &[("name", &agent)]),
            }
        }
        Handling::Operator { name } => {
            let own = session.me.with(|me| me.as_ref().is_some_and(|me| me.name == name));
            if own {
                words.you_are_answering.to_owned()
            } else {
                fill(words.operator_answers, &[("name", &name)])
            }
        }
    };
    let change = move || {
        let take_over = by_agent.get_untracked();
        let me = session.me.with_untracked(|me| me.as_ref().map(|me| me.name.clone()));
        let request = async move {
            if take_over {
                chat.workspace.take_over(chat.id).await
            } else {
                chat.workspace.hand_back(chat.id).await
            }
        };
        form.send(request, move |()| {
            let handling = if take_over {
                Handling::Operator { name: me.unwrap_or_default() }
            } else {
                Handling::Agent
            };
            chat.apply(ConversationEvent::HandlingChanged { handling });
        });
    };
    let leave = Form::new();
    let leave_to_agent = move || {
        let request = async move { chat.workspace.hand_back(chat.id).await };
        leave.send(request, |()| {});
    };
    let waits = Memo::new(move |_| by_agent.get() && wanted.with(Option::is_some));
    let reason = move || {
        let wanted = wanted.get().filter(|wanted| !wanted.reason.is_empty())?;
        let reason = told(&wanted.reason, wanted.notice.as_ref());
        let said = fill(words.waiting_reason, &[("reason", &reason)]);
        waits.get().then(|| view! { <p class="handling-reason" dir="auto">{said}</p> })
    };
    let label = move || if by_agent.get() { words.take_over } else { words.hand_back }.to_owned();
    view! {
        {reason}
        <div
            class="handling"
            class:is-operator=move || !by_agent.get()
            class:is-waiting=move || waits.get()
        >
            {move || if by_agent.get() && !waits.get() { Icon::Agent } else { Icon::Hand }.view()}
            <p role="status">{line}</p>
            <Show when=move || waits.get()>
                <Button
                    label=words.leave_to_agent
                    weight=Weight::Quiet
                    busy=leave.busy
                    on_press=leave_to_agent
                />
            </Show>
            <Button label=label weight=Weight::Quiet busy=form.busy on_press=change/>
        </div>
        <p class="form-error" role="alert">{form.general(&[])}</p>
        <p class="form-error" role="alert">{leave.general(&[])}</p>
    }
}
