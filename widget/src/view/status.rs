//! How one of the visitor's own messages stands, small and next to it.

use cavuer_protocol::MessageId;
use reactive_graph::prelude::*;

use super::Ui;
use super::dom::{El, button, el};
use crate::outbox::Delivery;
use crate::state::Link;
use crate::words::fill;

#[derive(Clone, Copy, PartialEq)]
enum Status {
    /// Nothing to say: it is stored, and the conversation has gone on.
    Past,
    Sent,
    On(Delivery),
    Offline,
}

pub fn status(ui: Ui, id: MessageId) -> El {
    let has_failed = move || status_of(ui, id) == Status::On(Delivery::Stopped);
    let class = move || {
        Some(match status_of(ui, id) {
            Status::On(Delivery::Stopped) => "status failed".to_owned(),
            Status::On(Delivery::Sending) => "status late".to_owned(),
            _ => "status".to_owned(),
        })
    };
    el("p", "status")
        .follow("class", class)
        .show_if(move || status_of(ui, id) != Status::Past)
        .child(&el("span", "").show_text(move || words(ui, status_of(ui, id))))
        .child(&button("link", move || ui.client.retry()).text(&ui.texts.retry).show_if(has_failed))
}

fn words(ui: Ui, status: Status) -> Option<String> {
    let texts = ui.texts;
    Some(match status {
        Status::Past => return None,
        Status::Sent => texts.sent.clone(),
        Status::Offline => texts.offline.clone(),
        Status::On(Delivery::Sending | Delivery::Waiting) => texts.sending.clone(),
        Status::On(Delivery::Limited { seconds }) => {
            fill(&texts.rate_limited, &seconds.to_string())
        }
        Status::On(Delivery::Stopped) => texts.not_sent.clone(),
    })
}

fn status_of(ui: Ui, id: MessageId) -> Status {
    let delivery = ui.state.outbox.with(|outbox| outbox.delivery_of(id));
    match delivery {
        Some(Delivery::Waiting) if ui.state.panel.get().link == Link::Offline => Status::Offline,
        Some(delivery) => Status::On(delivery),
        None => ui.state.conversation.with(|conversation| {
            let newest = conversation.messages.last();
            let is_newest = newest.is_some_and(|message| message.id == id);
            if is_newest && conversation.draft.is_none() { Status::Sent } else { Status::Past }
        }),
    }
}
