//! The list of messages.

use std::rc::Rc;

use cavuer_protocol::Author;
use reactive_graph::graph::untrack;
use reactive_graph::owner::Owner;
use reactive_graph::prelude::*;

use super::dom::{El, button, effect, el};
use super::icon::{DOWN, icon};
use super::scroll::Scroll;
use super::time::day_of;
use super::{Ui, message};
use crate::timeline::{self, Row, RowKind};
use crate::words::fill;

pub fn messages(ui: Ui) -> El {
    let has_older = move || ui.state.conversation.with(|conversation| conversation.has_older);
    let list = el("div", "list")
        .set("role", "log")
        .set("aria-live", "polite")
        .set("aria-label", &ui.texts.messages_label)
        .set("tabindex", "0");
    let scroller = el("div", "scroller").child(&list);
    let scroll = Scroll::new(ui.state, &scroller, &list);
    let load_older = {
        let scroll = scroll.clone();
        move || {
            if has_older() {
                scroll.hold();
                ui.client.load_older();
            }
        }
    };
    let scroller = scroller.on("scroll", {
        let (scroll, load_older) = (scroll.clone(), load_older.clone());
        move |_| {
            if scroll.look() {
                load_older();
            }
        }
    });
    let mut list =
        list.child(&button("link older", load_older).text(&ui.texts.load_older).show_if(has_older));
    if !ui.config.greeting.is_empty() {
        list = list.child(&message::greeting(ui).show_if(move || !has_older()));
    }
    show_rows(ui, list, scroll.clone());
    let news = button("pill", move || scroll.go_to_end())
        .append(&icon(DOWN))
        .text(&ui.texts.new_messages)
        .show_if(move || has_news(ui));
    el("div", "body").child(&scroller).child(&typing(ui)).child(&news)
}

/// Whether there is something to read where the reader is not, finished or growing.
fn has_news(ui: Ui) -> bool {
    let panel = ui.state.panel.get();
    let is_growing = || ui.state.conversation.with(|conversation| conversation.draft.is_some());
    panel.has_news || (!panel.at_end && is_growing())
}

/// Those who listen hear that an answer is being written.
fn typing(ui: Ui) -> El {
    el("p", "unheard").set("role", "status").show_text(move || {
        ui.state.conversation.with(|conversation| match &conversation.draft.as_ref()?.author {
            Author::Agent { name } | Author::Operator { name } => {
                Some(fill(&ui.texts.typing, name))
            }
            _ => None,
        })
    })
}

/// A row on the screen, and the owner of its effects.
struct Shown {
    row: Row,
    line: El,
    owner: Owner,
}

/// Keeps the lines in step with the rows. A row that stays is not touched.
fn show_rows(ui: Ui, list: El, scroll: Rc<Scroll>) {
    let mut shown: Vec<Shown> = Vec::new();
    let parent = Owner::current().unwrap_or_default();
    effect(move || {
        let rows = ui.state.conversation.with(|conversation| {
            ui.state.outbox.with(|outbox| timeline::rows(conversation, outbox, day_of))
        });
        if rows.iter().eq(shown.iter().map(|shown| &shown.row)) {
            return;
        }
        notice_news(&scroll, shown.last().map(|shown| shown.row), rows.last());
        let mut before = std::mem::take(&mut shown);
        for row in rows {
            let known = before.iter().position(|shown| shown.row == row);
            shown.push(match known {
                Some(index) => before.remove(index),
                None => {
                    let owner = parent.child();
                    let line = owner.with(|| untrack(|| message::row(ui, row)));
                    Shown { row, line, owner }
                }
            });
        }
        for gone in before {
            gone.owner.cleanup();
            gone.line.node().remove();
        }
        put_in_order(&list, &shown);
    });
}

/// From the end to the start, each line is put in front of the one behind it, if it is not there
/// already: lines that did not move keep their place, their selection and their focus.
fn put_in_order(list: &El, shown: &[Shown]) {
    let mut behind = None;
    for Shown { line, .. } in shown.iter().rev() {
        let node: &web_sys::Node = line.node();
        let in_place = node.parent_node().is_some() && node.next_sibling() == behind;
        if !in_place {
            // The line behind was put into the list just before.
            let _ = list.node().insert_before(node, behind.as_ref());
        }
        behind = Some(node.clone());
    }
}

/// Own messages are always shown; those of others call for a look when the reader is elsewhere.
fn notice_news(scroll: &Scroll, before: Option<Row>, newest: Option<&Row>) {
    match (before, newest) {
        (Some(before), Some(newest)) if before != *newest => match newest.kind {
            RowKind::Own => scroll.go_to_end(),
            _ => scroll.note_news(),
        },
        _ => {}
    }
}
