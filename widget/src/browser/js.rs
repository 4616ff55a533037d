//! Parts of the browser that few visitors reach, by name: a typed binding of each would be more
//! code on every page than all that is done with them.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::{property, window};

/// Calls a method. An object that lacks it answers with an error too.
pub fn call(object: &JsValue, method: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(object, &method.into())?.dyn_into()?;
    method.apply(object, &array(arguments))
}

/// `new Class(…)`
pub fn construct(class: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let class: Function = global(class).dyn_into()?;
    Reflect::construct(&class, &array(arguments))
}

/// What the browser calls by that name everywhere; undefined if it lacks it.
pub fn global(name: &str) -> JsValue {
    property(&window(), name)
}

/// An address for bytes that the browser holds; whoever takes it gives it back to [`revoke`].
pub fn object_url(blob: &JsValue) -> Option<String> {
    call(&global("URL"), "createObjectURL", std::slice::from_ref(blob)).ok()?.as_string()
}

pub fn revoke(address: &str) {
    // It cannot fail, and there would be nothing to do about it.
    let _ = call(&global("URL"), "revokeObjectURL", &[address.into()]);
}

fn array(items: &[JsValue]) -> Array {
    items.iter().cloned().collect()
}
