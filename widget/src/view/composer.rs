//! Where the visitor writes.

use cavuer_protocol::{TextRefused, accept_text, limits};
use reactive_graph::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlTextAreaElement, KeyboardEvent};

use super::Ui;
use super::dom::{El, button, effect, el};
use super::icon::{SEND, icon};
use crate::words::fill;

/// What the text in the composer can become.
#[derive(Clone, Copy, PartialEq)]
enum Fit {
    Nothing,
    Message,
    /// That many characters are too many.
    TooLong(usize),
}

/// The composer with what may stand above it, and the field to put the cursor in.
pub fn composer(ui: Ui) -> (El, HtmlTextAreaElement) {
    let texts = ui.texts;
    let area = el("textarea", "")
        .set("rows", "1")
        .set("dir", "auto")
        .set("enterkeyhint", "send")
        .set("aria-label", &texts.message_label)
        .set("placeholder", &texts.message_placeholder)
        .follow("aria-invalid", move || {
            matches!(fit(ui), Fit::TooLong(_)).then(|| "true".to_owned())
        });
    let field: HtmlTextAreaElement = area.node().clone().unchecked_into();
    let send = {
        let field = field.clone();
        move || {
            ui.client.send();
            let _ = field.focus();
        }
    };
    let area = area
        .on("input", {
            let field = field.clone();
            move |_| ui.client.write(field.value())
        })
        .on("keydown", {
            let send = send.clone();
            move |event| {
                let key: &KeyboardEvent = event.unchecked_ref();
                // While an input method composes, Enter chooses a word.
                let composing = key.is_composing() || key.key_code() == 229;
                if key.key() == "Enter" && !key.shift_key() && !composing {
                    event.prevent_default();
                    send();
                }
            }
        });
    effect({
        let field = field.clone();
        move || {
            ui.state.text.with(|text| {
                if field.value() != *text {
                    field.set_value(text);
                }
            });
        }
    });
    let row = el("div", "composer")
        // The hidden copy of the text in ::after makes the field as high as its text.
        .child(
            &el("div", "field").follow("data-text", move || Some(ui.state.text.get())).child(&area),
        )
        .child(
            &button("send", send)
                .set("aria-label", &texts.send)
                .append(&icon(SEND))
                .show_if(move || fit(ui) != Fit::Nothing)
                .follow("disabled", move || (fit(ui) != Fit::Message).then(String::new)),
        );
    let notice = el("p", "notice")
        .set("role", "alert")
        .set("dir", "auto")
        .show_text(move || Some(ui.state.notice.get()).filter(|notice| !notice.is_empty()));
    let too_long = el("p", "too-long").set("role", "status").show_text(move || match fit(ui) {
        Fit::TooLong(count) => Some(fill(&texts.too_long, &count.to_string())),
        _ => None,
    });
    let footer = el("div", "foot").child(&notice).child(&too_long).child(&row);
    (footer, field)
}

fn fit(ui: Ui) -> Fit {
    ui.state.text.with(|text| match accept_text(text) {
        Ok(_) => Fit::Message,
        Err(TextRefused::Blank) => Fit::Nothing,
        Err(TextRefused::TooLong(chars)) => Fit::TooLong(chars - limits::MESSAGE_CHARS),
    })
}
