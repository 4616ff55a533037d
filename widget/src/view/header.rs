//! Who is on the other side, and how things stand.

use cavuer_protocol::Handling;
use reactive_graph::prelude::*;

use super::Ui;
use super::dom::{El, button, el};
use super::icon::{CLOSE, icon};
use crate::state::Link;
use crate::words::fill;

pub fn header(ui: Ui) -> El {
    let texts = ui.texts;
    let state_line = move || {
        Some(match ui.state.panel.get().link {
            Link::Offline | Link::Reconnecting => texts.reconnecting.clone(),
            Link::Fine => ui.state.conversation.with(|conversation| match &conversation.handling {
                Handling::Agent => texts.agent_state.clone(),
                Handling::Awaited => texts.awaited_state.clone(),
                Handling::Operator { name } => fill(&texts.operator_state, name),
            }),
        })
    };
    let initial = ui.config.agent_name.trim().chars().next();
    let who = el("div", "who")
        .child(&el("h2", "").child(&el("bdi", "").text(&ui.config.title)))
        .child(&el("p", "").set("role", "status").show_text(state_line));
    el("div", "head")
        .child(
            &el("span", "avatar")
                .set("aria-hidden", "true")
                .text(&initial.map(String::from).unwrap_or_default()),
        )
        .child(&who)
        .child(
            &button("quiet", move || ui.client.close())
                .set("aria-label", &texts.close_chat)
                .append(&icon(CLOSE)),
        )
}
