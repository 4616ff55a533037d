//! Bytes of attachments in images and players.

use cavuer_protocol::AttachmentId;
use web_sys::HtmlElement;

use super::Ui;
use crate::browser::{callback, js, set_property};

/// Lets an image or a player show an attachment.
pub async fn show(ui: Ui, id: AttachmentId, part: &HtmlElement) -> bool {
    let blob = ui.client.file(id).await;
    let Some(address) = blob.as_ref().and_then(js::object_url) else { return false };
    set_property(part, "src", &address.as_str().into());
    // A player reads on while it plays; an image has everything once it is there.
    for event in ["onload", "onerror"] {
        let address = address.clone();
        let done = callback(move |_| js::revoke(&address));
        set_property(part, event, &done);
    }
    true
}
