//! What came with a message: images, files to download and voice messages.

use leptos::prelude::*;

use cavuer_protocol::{Attachment, AttachmentContent};

use crate::components::dialog::Dialog;
use crate::components::icon::Icon;
use crate::text::{fill, t};
use crate::units::{bytes, minutes};

use super::chat::Chat;

/// Longest sides of an image in the conversation, in pixels.
const THUMBNAIL: (u32, u32) = (280, 200);

/// What came with a message, in its order.
#[component]
pub fn Attachments(chat: Chat, all: Vec<Attachment>) -> impl IntoView {
    (!all.is_empty()).then(|| {
        let each = all.into_iter().map(|attachment| {
            let url = chat.workspace.attachment_url(chat.id, attachment.id);
            match attachment.content {
                AttachmentContent::Image { width, height } => {
                    view! { <Picture url=url name=attachment.name width=width height=height/> }
                        .into_any()
                }
                AttachmentContent::File => {
                    view! { <FileLink url=url name=attachment.name size=attachment.size/> }
                        .into_any()
                }
                AttachmentContent::Voice { seconds, transcript } => {
                    view! { <Voice url=url seconds=seconds transcript=transcript/> }.into_any()
                }
            }
        });
        view! { <div class="attachments">{each.collect_view()}</div> }
    })
}

/// A small image that opens in full.
#[component]
fn Picture(url: String, name: String, width: u32, height: u32) -> impl IntoView {
    let open = RwSignal::new(false);
    let (shown_width, shown_height) = within(width, height, THUMBNAIL);
    let (small, large, link) = (url.clone(), url.clone(), url);
    let (label, title, file) = (fill(t().chats.open_image, &[("name", &name)]), name.clone(), name);
    view! {
        <button class="picture" type="button" aria-label=label on:click=move |_| open.set(true)>
            <img src=small alt="" width=shown_width height=shown_height loading="lazy"/>
        </button>
        <Dialog open=open title=title wide=true>
            <div class="dialog-body picture-full">
                <img src=large.clone() alt=file.clone() width=width height=height/>
            </div>
            <div class="dialog-foot">
                <a class="button" href=link.clone() download=file.clone() rel="external">
                    {t().chats.download}
                </a>
            </div>
        </Dialog>
    }
}

#[component]
fn FileLink(url: String, name: String, size: u32) -> impl IntoView {
    let shown = name.clone();
    view! {
        <a class="file-link" href=url download=name rel="external">
            {Icon::File.view()}
            <span class="file-name" dir="auto">{shown}</span>
            <span class="muted">{bytes(size)}</span>
        </a>
    }
}

#[component]
fn Voice(url: String, seconds: u32, transcript: Option<String>) -> impl IntoView {
    view! {
        <figure class="voice">
            <audio controls preload="none" src=url aria-label=t().chats.voice></audio>
            <figcaption>
                <span class="muted">{fill(t().chats.voice_length, &[("time", &minutes(seconds))])}</span>
                {transcript.map(|text| view! { <p class="transcript" dir="auto">{text}</p> })}
            </figcaption>
        </figure>
    }
}

/// The sides of an image that is made to fit, never larger than it is.
fn within(width: u32, height: u32, (most_width, most_height): (u32, u32)) -> (u32, u32) {
    let (width, height) = (f64::from(width.max(1)), f64::from(height.max(1)));
    let scale = (f64::from(most_width) / width).min(f64::from(most_height) / height).min(1.0);
    let side = |length: f64| (length * scale).round().max(1.0) as u32;
    (side(width), side(height))
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn images_fit_and_do_not_grow() {
        assert_eq!(within(1_000, 500, (280, 200)), (280, 140));
        assert_eq!(within(500, 1_000, (280, 200)), (100, 200));
        assert_eq!(within(20, 10, (280, 200)), (20, 10));
        assert_eq!(within(4_096, 1, (280, 200)), (280, 1));
    }
}
