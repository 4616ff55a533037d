//! Lucide icons, 24 by 24, drawn with one stroke.

use web_sys::Element;

use wasm_bindgen::prelude::*;

use crate::browser::document;

pub const CLOSE: &str = "M18 6 6 18M6 6l12 12";
pub const DOWN: &str = "M12 5v14m7-7-7 7-7-7";
pub const FILE: &str =
    "M15 2H6a2 2 0 0 0-2 2v16a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2V7zM14 2v4a2 2 0 0 0 2 2h4";
pub const MICROPHONE: &str =
    "M12 19v3m7-12v2a7 7 0 0 1-14 0v-2m7-8a3 3 0 0 0-3 3v7a3 3 0 0 0 6 0V5a3 3 0 0 0-3-3";
pub const PAPERCLIP: &str = "m16 6-8.414 8.586a2 2 0 0 0 2.829 2.829l8.414-8.586a4 4 0 1 0-5.657-5.657l-8.379 8.551a6 6 0 1 0 8.485 8.485l8.379-8.551";
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
