//! Small windows on to the browser.

pub mod js;
mod microphone;
mod pause;

use std::pin::Pin;

use js_sys::{Array, Date, Function, Math, Reflect};
use wasm_bindgen::prelude::*;

use cavuer_protocol::Timestamp;

pub use microphone::Microphone;
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

/// A fresh id. Without the browser's good randomness there is no safe one, so it throws.
pub fn new_id<Id>(from_parts: impl FnOnce(u64, &[u8; 10]) -> Id) -> Id {
    let mut bytes = [0; 10];
    window()
        .crypto()
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes))
        .unwrap_throw();
    from_parts(Date::now() as u64, &bytes)
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
    // The event names are our own, and adding a listener cannot fail otherwise.
    let _ = target.add_event_listener_with_callback(event, &callback(handler));
}

/// A function that the browser may call, with an event or with nothing. One type for all of them,
/// so that each is little code.
pub fn callback(handler: impl FnMut(JsValue) + 'static) -> Function {
    fn boxed(handler: Box<dyn FnMut(JsValue)>) -> Function {
        Closure::wrap(handler).into_js_value().unchecked_into()
    }
    boxed(Box::new(handler))
}

/// Runs a task beside everything else; likewise of one type.
pub fn spawn(task: impl Future<Output = ()> + 'static) {
    fn boxed(task: Pin<Box<dyn Future<Output = ()>>>) {
        wasm_bindgen_futures::spawn_local(task);
    }
    boxed(Box::pin(task));
}

/// A property of an object that is a non-empty string.
pub fn string_property(object: &JsValue, name: &str) -> Option<String> {
    property(object, name).as_string().filter(|text| !text.is_empty())
}

/// A property that is a number; 0 if there is none.
pub fn number_property(object: &JsValue, name: &str) -> f64 {
    property(object, name).as_f64().unwrap_or_default()
}

pub fn property(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// What a list in a property holds; nothing if there is no such list.
pub fn list_property(object: &JsValue, name: &str) -> Array {
    let list = property(object, name);
    if list.is_truthy() { Array::from(&list) } else { Array::new() }
}

pub fn set_property(object: &JsValue, name: &str, value: &JsValue) {
    // Only ever called on objects made here.
    let _ = Reflect::set(object, &name.into(), value);
}

/// Tells the site's owner, in the page's console.
pub fn log_error(text: &str) {
    web_sys::console::error_1(&("Cavuer: ".to_owned() + text).into());
}
