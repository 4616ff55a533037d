//! The files in the composer: what will be sent, how far it is, and what cannot be sent.

use cavuer_protocol::limits::{ATTACHMENT_BYTES, MESSAGE_ATTACHMENTS};
use cavuer_protocol::{AttachmentContent, AttachmentId};
use reactive_graph::graph::untrack;
use reactive_graph::owner::Owner;
use reactive_graph::prelude::*;
use web_sys::HtmlTextAreaElement;

use super::Ui;
use super::attachment::size;
use super::dom::{El, button, effect, el};
use super::icon::{CLOSE, FILE, icon};
use super::media::show;
use crate::browser::spawn;
use crate::outbox::{Delivery, Upload, UploadState};
use crate::words::fill;

/// The row of files. `field` gets the focus when one is taken out.
pub fn chips(ui: Ui, field: HtmlTextAreaElement) -> El {
    let row = el("ul", "chips");
    let mut shown: Vec<(AttachmentId, El, Owner)> = Vec::new();
    let parent = Owner::current().unwrap_or_default();
    let list = row.clone();
    effect(move || {
        let ids: Vec<_> = ui
            .state
            .outbox
            .with(|outbox| outbox.files_of(None).map(|upload| upload.file.id).collect());
        shown.retain(|(id, chip, owner)| {
            let stays = ids.contains(id);
            if !stays {
                owner.cleanup();
                chip.node().remove();
            }
            stays
        });
        for id in ids {
            if !shown.iter().any(|(known, ..)| *known == id) {
                let owner = parent.child();
                let chip = owner.with(|| untrack(|| chip(ui, id, field.clone())));
                let _ = list.node().append_child(chip.node());
                shown.push((id, chip, owner));
            }
        }
        list.node().set_hidden(shown.is_empty());
    });
    row
}

fn chip(ui: Ui, id: AttachmentId, field: HtmlTextAreaElement) -> El {
    let upload = move |read: fn(Ui, &Upload, Delivery) -> Option<String>| {
        ui.state.outbox.with(|outbox| {
            let upload = outbox.uploads.iter().find(|upload| upload.file.id == id)?;
            read(ui, upload, outbox.delivery)
        })
    };
    let file = ui.state.outbox.with_untracked(|outbox| {
        let mut uploads = outbox.uploads.iter();
        uploads.find(|upload| upload.file.id == id).map(|upload| upload.file.clone())
    });
    let chip = el("li", "chip");
    let Some(file) = file else { return chip };
    let mut chip = chip.append(&icon(FILE));
    if let AttachmentContent::Image { .. } = file.content {
        let image = el("img", "").set("alt", "").set("hidden", "");
        chip = chip.child(&image);
        spawn(async move {
            if show(ui, id, image.node()).await {
                image.node().set_hidden(false);
            }
        });
    }
    let remove = move || {
        ui.client.remove_file(id);
        let _ = field.focus();
    };
    let percent = el("progress", "")
        .set("max", "100")
        .set("aria-label", &ui.texts.sending)
        .follow("value", move || upload(percent))
        .show_if(move || upload(percent).is_some());
    let about = el("div", "about")
        .child(&el("bdi", "name").text(&file.name))
        .child(&el("p", "size").text(&size(ui, file.size.into())))
        .child(&percent)
        .child(&el("p", "failed").set("role", "alert").show_text(move || upload(trouble)))
        .child(
            &button("link", move || ui.client.retry())
                .text(&ui.texts.retry)
                .show_if(move || upload(stopped).is_some()),
        );
    chip.child(&about).child(
        &button("quiet", remove)
            .set("aria-label", &fill(&ui.texts.remove_file, &file.name))
            .append(&icon(CLOSE)),
    )
}

/// How much of it has left the browser, while it does.
fn percent(_: Ui, upload: &Upload, delivery: Delivery) -> Option<String> {
    match (upload.state, delivery) {
        (UploadState::Pending(_), Delivery::Stopped) => None,
        (UploadState::Pending(percent), _) => Some(percent.to_string()),
        _ => None,
    }
}

fn stopped(_: Ui, upload: &Upload, delivery: Delivery) -> Option<String> {
    (upload.is_pending() && delivery == Delivery::Stopped).then(String::new)
}

/// Why it is not going out.
fn trouble(ui: Ui, upload: &Upload, delivery: Delivery) -> Option<String> {
    let texts = ui.texts;
    Some(match upload.state {
        UploadState::Done => return None,
        UploadState::Pending(_) if delivery != Delivery::Stopped => return None,
        UploadState::Pending(_) => texts.not_sent.clone(),
        UploadState::TooLarge => fill(&texts.file_too_large, &size(ui, ATTACHMENT_BYTES as f64)),
        UploadState::WrongKind => texts.file_refused.clone(),
        UploadState::TooMany => fill(&texts.too_many_files, &MESSAGE_ATTACHMENTS.to_string()),
    })
}
