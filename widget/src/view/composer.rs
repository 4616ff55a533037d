//! Where the visitor writes.

use cavuer_protocol::{TextRefused, accept_text, limits};
use reactive_graph::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlTextAreaElement, KeyboardEvent};

use super::Ui;
use super::chips::chips;
use super::dom::{El, button, effect, el};
use super::icon::{PAPERCLIP, SEND, icon};
use super::recorder::Recorder;
use crate::browser::{list_property, property, set_property};
use crate::client::ACCEPTED;
use crate::outbox::Outbox;
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
    let area = if ui.config.takes_files { area.on("paste", paste(ui)) } else { area };
    let recorder = Recorder::new(ui, field.clone());
    let row = el("div", "composer")
        .show_if(move || ui.state.panel.get().recorded.is_none())
        .child(&attach(ui))
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
        )
        .child(&recorder.button(move || fit(ui) == Fit::Nothing));
    let notice = el("p", "notice")
        .set("role", "alert")
        .set("dir", "auto")
        .show_text(move || Some(ui.state.notice.get()).filter(|notice| !notice.is_empty()));
    let too_long = el("p", "too-long").set("role", "status").show_text(move || match fit(ui) {
        Fit::TooLong(count) => Some(fill(&texts.too_long, &count.to_string())),
        _ => None,
    });
    let footer = el("div", "foot")
        .child(&notice)
        .child(&too_long)
        .child(&chips(ui, field.clone()))
        .child(&row)
        .child(&recorder.bar());
    (footer, field)
}

/// The button that lets the visitor choose files.
fn attach(ui: Ui) -> El {
    let input = el("input", "")
        .set("type", "file")
        .set("multiple", "")
        .set("accept", ACCEPTED)
        .set("hidden", "");
    let field = input.node().clone();
    let input = input.on("change", {
        let field = field.clone();
        move |_| {
            // Taken before the field is emptied, which lets the same file be chosen again.
            ui.client.add_files(list_property(&field, "files"));
            set_property(&field, "value", &"".into());
        }
    });
    el("span", "")
        .child(&input)
        .child(
            &button("quiet", move || field.click())
                .set("aria-label", &ui.texts.attach)
                .append(&icon(PAPERCLIP)),
        )
        .show_if(move || ui.config.takes_files)
}

/// Files on the clipboard become attachments; text is pasted as ever.
fn paste(ui: Ui) -> impl FnMut(web_sys::Event) {
    move |event| {
        let files = list_property(&property(&event, "clipboardData"), "files");
        if files.length() > 0 {
            event.prevent_default();
            ui.client.add_files(files);
        }
    }
}

fn fit(ui: Ui) -> Fit {
    let has_files = ui.state.outbox.with(Outbox::has_files);
    ui.state.text.with(|text| match accept_text(text) {
        Ok(_) => Fit::Message,
        Err(TextRefused::Blank) if has_files => Fit::Message,
        Err(TextRefused::Blank) => Fit::Nothing,
        Err(TextRefused::TooLong(chars)) => Fit::TooLong(chars - limits::MESSAGE_CHARS),
    })
}
