//! The launcher: `embed.js` made it, the panel's code keeps it true.

use reactive_graph::prelude::*;
use web_sys::HtmlElement;

use super::Ui;
use super::dom::{effect, el};
use crate::browser::listen;
use crate::words::fill;

/// More than this many unread messages are shown as so many and a plus.
const MOST_SHOWN: usize = 9;

pub fn launcher(ui: Ui, launcher: HtmlElement) {
    let count = move || Some(ui.state.unread()).filter(|count| *count > 0);
    let badge = el("span", "badge").set("aria-hidden", "true").show_text(move || {
        Some(match count()? {
            count if count > MOST_SHOWN => MOST_SHOWN.to_string() + "+",
            count => count.to_string(),
        })
    });
    let spoken = el("span", "unheard")
        .set("role", "status")
        .show_text(move || Some(fill(&ui.texts.unread, &count()?.to_string())));
    // The launcher stands in the shadow root, and so do its neighbours.
    let _ = launcher.append_child(badge.node());
    let _ = launcher.after_with_node_1(spoken.node());
    listen(&launcher, "click", move |_| ui.client.toggle());
    let mut was_open = false;
    effect(move || {
        let is_open = ui.state.panel.get().is_open;
        let _ = launcher.set_attribute("aria-expanded", if is_open { "true" } else { "false" });
        if was_open && !is_open {
            let _ = launcher.focus();
        }
        was_open = is_open;
    });
}
