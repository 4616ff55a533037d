//! Small errands to the browser.

use leptos::prelude::*;
use leptos::task::tick;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlDocument, HtmlElement, HtmlTextAreaElement};

use cavuer_protocol::{AttachmentId, MessageId};

/// Escapes text for use inside a query string.
pub fn encode(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

/// The reader's languages as BCP 47 tags, the one they like best first.
pub fn languages() -> Vec<String> {
    window().navigator().languages().iter().filter_map(|tag| tag.as_string()).collect()
}

/// Says which language the page is in, for screen readers and hyphenation.
pub fn set_document_language(tag: &str) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("lang", tag);
    }
}

/// A new message id from this browser's clock and its secure random source.
pub fn new_message_id() -> MessageId {
    new_id(MessageId::from_parts)
}

/// A new id for a file, made likewise.
pub fn new_attachment_id() -> AttachmentId {
    new_id(AttachmentId::from_parts)
}

fn new_id<T>(from_parts: impl Fn(u64, &[u8; 10]) -> T) -> T {
    let mut random = [0_u8; 10];
    if let Ok(crypto) = window().crypto() {
        let _ = crypto.get_random_values_with_u8_array(&mut random);
    }
    from_parts(js_sys::Date::now() as u64, &random)
}

/// Moves the focus to the element with this id, once it has been drawn.
pub fn focus_later(id: &'static str) {
    leptos::task::spawn_local(async move {
        tick().await;
        if let Some(element) = document()
            .get_element_by_id(id)
            .and_then(|element| element.dyn_into::<HtmlElement>().ok())
        {
            let _ = element.focus();
        }
    });
}

/// Moves the focus to the first control that was found wrong, in the open dialog if there is one.
pub fn focus_invalid_later() {
    leptos::task::spawn_local(async move {
        tick().await;
        let wrong = ["dialog[open] [aria-invalid=true]", "[aria-invalid=true]"]
            .into_iter()
            .find_map(|selector| document().query_selector(selector).ok().flatten())
            .and_then(|element| element.dyn_into::<HtmlElement>().ok());
        if let Some(wrong) = wrong {
            let _ = wrong.focus();
        }
    });
}

/// Puts text on the clipboard. False if the browser did not let it.
pub async fn copy(text: &str) -> bool {
    // Pages that came over plain HTTP from another machine have no clipboard object.
    if window().is_secure_context() {
        let clipboard = window().navigator().clipboard();
        if JsFuture::from(clipboard.write_text(text)).await.is_ok() {
            return true;
        }
    }
    copy_by_selection(text).unwrap_or(false)
}

fn copy_by_selection(text: &str) -> Option<bool> {
    let document: HtmlDocument = document().dyn_into().ok()?;
    let area: HtmlTextAreaElement = document.create_element("textarea").ok()?.dyn_into().ok()?;
    area.set_value(text);
    area.set_class_name("visually-hidden");
    // An open dialog makes everything outside it inert, so the helper goes next to the focus.
    let focused = document.active_element();
    let parent = focused
        .as_ref()
        .and_then(|element| element.parent_element())
        .or_else(|| document.body().map(Into::into))?;
    parent.append_child(&area).ok()?;
    area.select();
    let copied = document.exec_command("copy").unwrap_or(false);
    area.remove();
    if let Some(element) = focused.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
    Some(copied)
}

/// What this browser remembers under a key, also after it was closed.
pub fn remembered(key: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(key).ok()?
}

/// Remembers a value; a browser that keeps nothing is no reason to fail.
pub fn remember(key: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(key, value);
    }
}

/// What this tab keeps under a key until it is closed.
pub fn kept(key: &str) -> Option<String> {
    window().session_storage().ok()??.get_item(key).ok()?
}

/// Keeps a value for this tab; an empty value is forgotten.
pub fn keep(key: &str, value: &str) {
    if let Ok(Some(storage)) = window().session_storage() {
        let _ =
            if value.is_empty() { storage.remove_item(key) } else { storage.set_item(key, value) };
    }
}
