//! Lucide icons, 24 by 24, drawn with one stroke.

use web_sys::Element;

use wasm_bindgen::prelude::*;

use crate::browser::document;

pub const CLOSE: &str = "M18 6 6 18M6 6l12 12";
pub const DOWN: &str = "M12 5v14m7-7-7 7-7-7";
pub const SEND: &str = "m5 12 7-7 7 7M12 19V5";

/// An icon beside or instead of words; those who listen hear the words only.
pub fn icon(path: &str) -> Element {
    let svg = element("svg", &[("viewBox", "0 0 24 24"), ("aria-hidden", "true")]);
    // A fresh node fits anywhere.
    let _ = svg.append_child(&element("path", &[("d", path)]));
    svg
}

fn element(name: &str, attributes: &[(&str, &str)]) -> Element {
    let element =
        document().create_element_ns(Some("http://www.w3.org/2000/svg"), name).unwrap_throw();
    for (attribute, value) in attributes {
        // The names are ours and valid.
        let _ = element.set_attribute(attribute, value);
    }
    element
}
