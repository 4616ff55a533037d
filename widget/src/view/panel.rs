//! The panel: a dialog beside the page, or on a phone the whole screen.

use reactive_graph::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, KeyboardEvent};

use super::Ui;
use super::composer::composer;
use super::dom::{El, effect, el};
use super::header::header;
use super::launcher::launcher;
use super::messages::messages;
use crate::browser::{list_property, listen, property, window};
use crate::client::Client;
use crate::state::State;

/// The same width as in the style sheet.
const PHONE: &str = "(max-width: 479.98px)";

/// Builds the panel and brings the launcher to life.
pub fn panel(client: &'static Client, button: HtmlElement) -> HtmlElement {
    let ui = Ui::new(client);
    watch_width(ui.state);
    launcher(ui, button);
    let (footer, field) = composer(ui);
    let drop = el("p", "drop").set("hidden", "").text(&ui.texts.drop_files);
    let panel = el("section", "panel")
        .set("role", "dialog")
        .set("aria-label", &ui.config.title)
        .follow("aria-modal", move || {
            ui.state.panel.get().is_full_screen.then(|| "true".to_owned())
        })
        .show_if(move || ui.state.panel.get().is_open)
        .child(&header(ui))
        .child(&messages(ui))
        .child(&footer)
        .child(&drop);
    let panel = if ui.config.takes_files { take_drops(ui, panel, drop) } else { panel };
    let mut was_open = false;
    effect(move || {
        let is_open = ui.state.panel.get().is_open;
        if is_open && !was_open {
            // A field that cannot take the cursor stays as it is.
            let _ = field.focus();
        }
        was_open = is_open;
    });
    let inside = panel.node().clone();
    panel
        .on("keydown", move |event| {
            let key: &KeyboardEvent = event.unchecked_ref();
            match key.key().as_str() {
                "Escape" if !key.is_composing() => {
                    event.stop_propagation();
                    // Recording is what is given up first.
                    if ui.state.now().recorded.is_some() {
                        ui.state.change(|panel| panel.recorded = None);
                    } else {
                        ui.client.close();
                    }
                }
                "Tab" if ui.state.now().is_full_screen => keep_inside(&inside, key),
                _ => {}
            }
        })
        .node()
        .clone()
}

/// Files that are dropped on the panel go into the composer.
fn take_drops(ui: Ui, panel: El, hint: El) -> El {
    ["dragover", "dragleave", "drop"].into_iter().fold(panel, |panel, name| {
        let hint = hint.node().clone();
        panel.on(name, move |event| {
            let brought = property(&event, "dataTransfer");
            let kinds = list_property(&brought, "types");
            if !kinds.includes(&"Files".into(), 0) {
                return;
            }
            // Otherwise the browser would leave the page for the file.
            event.prevent_default();
            hint.set_hidden(name != "dragover");
            if name == "drop" {
                ui.client.add_files(list_property(&brought, "files"));
            }
        })
    })
}

fn watch_width(state: State) {
    if let Ok(Some(query)) = window().match_media(PHONE) {
        state.change(|panel| panel.is_full_screen = query.matches());
        let changed = query.clone();
        listen(&query, "change", move |_| {
            state.change(|panel| panel.is_full_screen = changed.matches());
        });
    }
}

/// Where the panel covers the page, the Tab key stays in it.
fn keep_inside(panel: &HtmlElement, event: &KeyboardEvent) {
    let stops = ":is(button:not(:disabled), a[href], textarea, summary, audio, [tabindex]):not([hidden], [hidden] *)";
    let Ok(stops) = panel.query_selector_all(stops) else {
        return;
    };
    let (from, to) = match (stops.get(0), stops.get(stops.length().saturating_sub(1))) {
        (Some(first), Some(last)) if event.shift_key() => (first, last),
        (Some(first), Some(last)) => (last, first),
        _ => return,
    };
    let target = event.target().map(JsValue::from);
    if target.as_ref() == Some(from.as_ref()) {
        event.prevent_default();
        let _ = to.unchecked_into::<HtmlElement>().focus();
    }
}
