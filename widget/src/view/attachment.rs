//! What came along with a message: pictures, files, voice messages.

use std::cell::Cell;

use cavuer_protocol::{Attachment, AttachmentContent, MessageId};
use reactive_graph::prelude::*;
use wasm_bindgen::prelude::*;

use super::Ui;
use super::dom::{El, button, effect, el};
use super::icon::{FILE, icon};
use super::time::clock;
use super::{media, viewer};
use crate::browser::{callback, js, property, set_property, spawn, window};
use crate::state::find;

/// The longer side of a picture among the messages, in pixels.
const SIDE: f64 = 240.0;
/// Its shorter side at least: what is longer is cut off, and whole when it is opened.
const LEAST_SIDE: f64 = 64.0;
const KILOBYTE: f64 = 1_000.0;
const MEGABYTE: f64 = 1_000_000.0;
/// Milliseconds until a browser has surely begun to save a file.
const SAVED_MILLIS: i32 = 60_000;

pub fn attachment(ui: Ui, message: MessageId, file: &Attachment) -> El {
    let shown = match file.content {
        AttachmentContent::Image { width, height } => picture(ui, file, width, height),
        AttachmentContent::File => link(ui, file),
        AttachmentContent::Voice { seconds, .. } => voice(ui, message, file, seconds),
    };
    el("div", "attachment").child(&shown)
}

/// A picture in a frame that has its size before the picture is there. Pressed, it opens.
fn picture(ui: Ui, file: &Attachment, width: u32, height: u32) -> El {
    let image = el("img", "").set("alt", &file.name);
    let id = file.id;
    let frame = button("picture", {
        let image = image.node().clone();
        move || viewer::open(ui, id, &image)
    })
    .child(&image);
    let (width, height) = frame_size(width, height);
    let style = property(frame.node(), "style");
    for (side, pixels) in [("width", width), ("height", height)] {
        set_property(&style, side, &(pixels.to_string() + "px").into());
    }
    with_bytes(ui, file, frame, image)
}

/// The size of a picture's frame, in whole pixels. Of a picture that is still on its way nothing
/// is known.
fn frame_size(width: u32, height: u32) -> (u32, u32) {
    if width == 0 || height == 0 {
        return (SIDE as u32 / 2, SIDE as u32 / 2);
    }
    let (width, height) = (f64::from(width), f64::from(height));
    let scale = (SIDE / width.max(height)).min(1.0);
    let side = |length: f64| (length * scale).max(LEAST_SIDE) as u32;
    (side(width), side(height))
}

fn voice(ui: Ui, message: MessageId, file: &Attachment, seconds: u32) -> El {
    let player = el("audio", "")
        .set("controls", "")
        .set("controlslist", "nodownload noplaybackrate")
        .set("aria-label", &ui.texts.voice_message);
    let id = file.id;
    let transcript = move || {
        ui.state.conversation.with(|conversation| {
            let file =
                find(conversation, message)?.attachments.iter().find(|file| file.id == id)?;
            match &file.content {
                AttachmentContent::Voice { transcript, .. } => transcript.clone(),
                _ => None,
            }
        })
    };
    let length = el("p", "meta").text(&ui.texts.voice_message).text(", ").text(&clock(seconds));
    el("div", "voice")
        .child(&length)
        .child(&with_bytes(ui, file, player.clone(), player))
        .child(&el("p", "transcript").set("dir", "auto").show_text(transcript))
}

/// A file by name and size. Pressed, the browser saves it.
fn link(ui: Ui, file: &Attachment) -> El {
    let (id, name) = (file.id, file.name.clone());
    let save = move || {
        let name = name.clone();
        spawn(async move {
            match ui.client.file(id).await {
                Some(blob) => save(&blob, &name),
                None => ui.state.notice.set(ui.texts.something_wrong.clone()),
            }
        });
    };
    button("file", save)
        .append(&icon(FILE))
        .child(&el("bdi", "name").text(&file.name))
        .child(&el("span", "size").text(&size(ui, file.size.into())))
}

/// Shows `whole` once the bytes are in `part`, an image or a player; a link to the file where the
/// page's policy forbids that, or where they cannot be had. Nothing is fetched before the panel is
/// open.
fn with_bytes(ui: Ui, file: &Attachment, whole: El, part: El) -> El {
    let id = file.id;
    let fallback = link(ui, file).set("hidden", "");
    let both = el("div", "").child(&whole).child(&fallback);
    let fail = {
        let (whole, fallback) = (whole.node().clone(), fallback.node().clone());
        move || {
            whole.set_hidden(true);
            fallback.set_hidden(false);
        }
    };
    let part = part.on("error", {
        let fail = fail.clone();
        move |_| fail()
    });
    let asked = Cell::new(false);
    effect(move || {
        if !ui.state.panel.get().is_open || asked.replace(true) {
            return;
        }
        let (fail, part) = (fail.clone(), part.node().clone());
        spawn(async move {
            if !media::show(ui, id, &part).await {
                fail();
            }
        });
    });
    both
}

/// Lets the browser save bytes under a name.
fn save(blob: &JsValue, name: &str) {
    let Some(address) = js::object_url(blob) else { return };
    let anchor = el("a", "").set("href", &address).set("download", name);
    anchor.node().click();
    let done = callback(move |_| js::revoke(&address));
    // Without a timer the page keeps the bytes for as long as it lives.
    let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&done, SAVED_MILLIS);
}

/// "12 KB", "1.4 MB", as the language writes it.
pub fn size(ui: Ui, bytes: f64) -> String {
    let (number, unit, digits) = match bytes {
        ..MEGABYTE => ((bytes / KILOBYTE).ceil(), "kilobyte", 0),
        _ => (bytes / MEGABYTE, "megabyte", 1),
    };
    let options = js_sys::Object::new();
    set_property(&options, "style", &"unit".into());
    set_property(&options, "unit", &unit.into());
    set_property(&options, "maximumFractionDigits", &digits.into());
    let language = ui.config.language.as_str().into();
    // A bare number has no methods here.
    let number = js::construct("Number", &[JsValue::from_f64(number)]);
    let text = number.and_then(|n| js::call(&n, "toLocaleString", &[language, options.into()]));
    text.ok().and_then(|text| text.as_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::frame_size;

    #[test]
    fn frames_are_bounded_and_keep_the_picture_in_shape() {
        assert_eq!(frame_size(4_000, 2_000), (240, 120));
        assert_eq!(frame_size(100, 200), (100, 200));
        assert_eq!(frame_size(1, 10_000), (64, 240));
        assert_eq!(frame_size(0, 0), (120, 120));
    }
}
