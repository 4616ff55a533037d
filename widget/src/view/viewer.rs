//! A picture as large as the panel.

use cavuer_protocol::AttachmentId;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, KeyboardEvent};

use super::Ui;
use super::dom::{button, el};
use super::icon::{CLOSE, icon};
use super::media::show;
use crate::browser::{js, spawn, string_property};

/// Opens a picture over the panel that `thumbnail` stands in. Whatever closes it gives the focus
/// back.
pub fn open(ui: Ui, id: AttachmentId, thumbnail: &HtmlElement) {
    let closest = |what: &str| {
        let found = js::call(thumbnail, "closest", &[what.into()]);
        found.ok().and_then(|found| found.dyn_into::<HtmlElement>().ok())
    };
    let (Some(panel), Some(origin)) = (closest(".panel"), closest("button")) else { return };
    let name = string_property(thumbnail, "alt").unwrap_or_default();
    let viewer = el("div", "viewer")
        .set("role", "dialog")
        .set("aria-modal", "true")
        .set("aria-label", &name);
    let close = {
        let viewer = viewer.node().clone();
        move || {
            viewer.remove();
            // It is still where it was.
            let _ = origin.focus();
        }
    };
    let closing =
        button("quiet", close.clone()).set("aria-label", &ui.texts.close).append(&icon(CLOSE));
    let image = el("img", "").set("alt", &name);
    let viewer = viewer.child(&closing).child(&image).on("keydown", move |event| {
        let key: &KeyboardEvent = event.unchecked_ref();
        match key.key().as_str() {
            "Escape" => close(),
            // The button is the only stop.
            "Tab" => event.prevent_default(),
            _ => return,
        }
        event.stop_propagation();
    });
    // A fresh node fits anywhere.
    let _ = panel.append_child(viewer.node());
    let _ = closing.node().focus();
    spawn(async move {
        // The thumbnail showed it already.
        show(ui, id, image.node()).await;
    });
}
