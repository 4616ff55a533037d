//! Small windows on to the browser.

mod pause;

use js_sys::{Date, Function, Math, Reflect};
use wasm_bindgen::prelude::*;

use cavuer_protocol::{MessageId, Timestamp};

pub use pause::{Gate, Pause, deferred};

pub fn window() -> web_sys::Window {
    web_sys::window().unwrap_throw()
}

pub fn document() -> web_sys::Document {
    window().document().unwrap_throw()
}

/// This moment by the browser's clock.
pub fn now() -> Timestamp {
    Timestamp(Date::now() as i64)
}

/// From 0 up to 1; for jitter, never for secrets.
pub fn random() -> f64 {
    Math::random()
}

/// A fresh message id. Without the browser's good randomness there is no safe id, so it throws.
pub fn new_message_id() -> MessageId {
    let mut bytes = [0; 10];
    window()
        .crypto()
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes))
        .unwrap_throw();
    MessageId::from_parts(Date::now() as u64, &bytes)
}

pub fn is_online() -> bool {
    window().navigator().on_line()
}

/// Whether the page can be seen.
pub fn is_visible() -> bool {
    document().visibility_state() == web_sys::VisibilityState::Visible
}

/// Listens for as long as the page lives.
pub fn listen(target: &web_sys::EventTarget, event: &str, handler: impl FnMut(JsValue) + 'static) {
    let handler = Closure::<dyn FnMut(JsValue)>::new(handler).into_js_value();
    // The event names are our own, and adding a listener cannot fail otherwise.
    let _ = target.add_event_listener_with_callback(event, handler.unchecked_ref::<Function>());
}

/// A property of an object that is a non-empty string.
pub fn string_property(object: &JsValue, name: &str) -> Option<String> {
    property(object, name).as_string().filter(|text| !text.is_empty())
}

pub fn property(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

pub fn set_property(object: &JsValue, name: &str, value: &JsValue) {
    // Only ever called on plain objects made here.
    let _ = Reflect::set(object, &name.into(), value);
}

/// Tells the site's owner, in the page's console.
pub fn log_error(text: &str) {
    web_sys::console::error_1(&("Cavuer: ".to_owned() + text).into());
}
