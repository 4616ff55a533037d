//! One message.

use cavuer_protocol::rich_text::parse;
use cavuer_protocol::{Author, Conversation, MessageId};
use reactive_graph::prelude::*;

use super::attachment::attachment;
use super::dom::{El, effect, el};
use super::sources::sources;
use super::status::status;
use super::time::{day, time};
use super::{Ui, rich_text};
use crate::state::find;
use crate::timeline::{Row, RowKind};

/// A message with what stands above it: the day, author and time.
pub fn row(ui: Ui, row: Row) -> El {
    let (text, at) = ui.state.text_of(row.id).unwrap_or_default();
    let mut line = el("div", "row");
    if let Some(number) = row.new_day {
        line = line.child(&el("p", "day").text(&day(ui, number, at)));
    }
    if row.starts_group {
        let meta = match row.kind {
            RowKind::Own => el("p", "meta")
                .child(&el("span", "unheard").text(&ui.texts.you).text(", "))
                .text(&time(ui, at)),
            RowKind::Other => el("p", "meta")
                .child(&el("bdi", "").text(&name_of(ui, row.id)))
                .text(", ")
                .text(&time(ui, at)),
            RowKind::Draft => el("p", "meta").child(&el("bdi", "").text(&name_of(ui, row.id))),
        };
        line = line.child(&meta);
    }
    // Files can do without words.
    match row.kind {
        RowKind::Draft => return draft(ui, line, row.id),
        _ if text.is_empty() => {}
        // The visitor's own words are plain text, exactly as they were written.
        RowKind::Own => {
            line = line.child(&el("div", "bubble plain").set("dir", "auto").text(&text));
        }
        RowKind::Other => line = line.child(&rich(&text)),
    }
    for file in ui.state.files_of(row.id) {
        line = line.child(&attachment(ui, row.id, &file));
    }
    if row.kind == RowKind::Own {
        return line.set("class", "row own").child(&status(ui, row.id));
    }
    let from = ui.state.conversation.with_untracked(|conversation| {
        find(conversation, row.id).map(|message| message.sources.clone()).unwrap_or_default()
    });
    if from.is_empty() { line } else { line.child(&sources(ui, &from)) }
}

/// The channel's greeting, which exists on the screen only.
pub fn greeting(ui: Ui) -> El {
    el("div", "row")
        .child(&el("p", "meta").child(&el("bdi", "").text(&ui.config.agent_name)))
        .child(&rich(&ui.config.greeting))
}

/// A bubble of rich text.
fn rich(text: &str) -> El {
    let bubble = el("div", "bubble rich");
    rich_text::update(bubble.node(), &[], &parse(text));
    bubble
}

/// A growing answer: three dots, then text of which only what differs is touched. Those who listen
/// hear the finished message, not every word of it.
fn draft(ui: Ui, line: El, id: MessageId) -> El {
    let dots =
        ["", "", ""].into_iter().fold(el("div", "bubble dots"), |dots, _| dots.child(&el("i", "")));
    let bubble = el("div", "bubble rich").set("hidden", "");
    let line = line.set("aria-live", "off").set("aria-busy", "true").child(&dots).child(&bubble);
    let mut shown = Vec::new();
    effect(move || {
        let blocks = ui.state.conversation.with(|conversation| {
            let draft = conversation.draft.as_ref();
            draft.filter(|draft| draft.message_id == id).map(|draft| parse(&draft.text))
        });
        // Without a draft the answer is finished, and this row about to go as it is.
        if let Some(blocks) = blocks {
            rich_text::update(bubble.node(), &shown, &blocks);
            bubble.node().set_hidden(blocks.is_empty());
            dots.node().set_hidden(!blocks.is_empty());
            shown = blocks;
        }
    });
    line
}

/// Who wrote the message or is writing it.
fn name_of(ui: Ui, id: MessageId) -> String {
    ui.state.conversation.with_untracked(|conversation| match author_of(conversation, id) {
        Some(Author::Agent { name } | Author::Operator { name }) => name.clone(),
        _ => ui.config.title.clone(),
    })
}

fn author_of(conversation: &Conversation, id: MessageId) -> Option<&Author> {
    let draft = conversation.draft.as_ref();
    find(conversation, id)
        .map(|message| &message.author)
        .or_else(|| Some(&draft.filter(|draft| draft.message_id == id)?.author))
}
