//! The panel in a shadow root, as `embed.js` starts it, for a visitor who was never here.
#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlElement, ShadowRoot};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen(inline_js = "
export function host() {
    const host = document.createElement('div');
    document.body.append(host);
    return host.attachShadow({ mode: 'open' });
}")]
extern "C" {
    fn host() -> ShadowRoot;
}

fn config() -> String {
    let texts = include_str!("../../assets/texts/ar.json");
    let file: serde_json::Value = serde_json::from_str(texts).unwrap();
    serde_json::json!({
        "title": "Corner Shop",
        "greeting": "Hello **there**",
        "agent_name": "Ada",
        "color": "#0b6e63",
        "on_color": "#ffffff",
        "position": "right",
        "identification_required": false,
        "takes_files": true,
        "takes_voice": false,
        "language": "ar",
        "direction": "rtl",
        "texts": file["texts"],
        "files": { "script": "/s.js", "wasm": "/w.wasm" },
    })
    .to_string()
}

async fn soon() {
    let wait = Promise::new(&mut |done, _| {
        let window = web_sys::window().unwrap();
        window.set_timeout_with_callback_and_timeout_and_arguments_0(&done, 50).unwrap();
    });
    JsFuture::from(wait).await.unwrap();
}

fn find(root: &ShadowRoot, selector: &str) -> Element {
    root.query_selector(selector).unwrap().unwrap_or_else(|| panic!("no {selector}"))
}

#[wasm_bindgen_test]
async fn a_new_visitor_opens_reads_and_closes() {
    let window = web_sys::window().unwrap();
    let root = host();
    let launcher: HtmlElement =
        window.document().unwrap().create_element("button").unwrap().unchecked_into();
    root.append_child(&launcher).unwrap();
    let options = Object::new();
    for (name, value) in [
        ("token", JsValue::from_str("wgt_test")),
        ("base", JsValue::from_str("http://nowhere.invalid")),
        ("config", JsValue::from_str(&config())),
        ("root", root.clone().into()),
        ("launcher", launcher.clone().into()),
        ("open", JsValue::FALSE),
    ] {
        Reflect::set(&options, &name.into(), &value).unwrap();
    }
    cavuer_widget::mount(options.into());
    soon().await;

    let panel = find(&root, "[role=dialog]");
    assert_eq!(panel.get_attribute("aria-label").unwrap(), "Corner Shop");
    assert!(panel.has_attribute("hidden"));
    assert_eq!(launcher.get_attribute("aria-expanded").unwrap(), "false");

    launcher.click();
    soon().await;
    assert!(!panel.has_attribute("hidden"));
    assert_eq!(launcher.get_attribute("aria-expanded").unwrap(), "true");
    assert_eq!(root.active_element().unwrap().tag_name(), "TEXTAREA");
    assert_eq!(find(&root, "[role=log] strong").text_content().unwrap(), "there");

    assert!(find(&root, "input[type=file]").has_attribute("accept"));

    find(&root, ".quiet").unchecked_into::<HtmlElement>().click();
    soon().await;
    assert!(panel.has_attribute("hidden"));
    assert!(root.active_element().unwrap().is_same_node(Some(&launcher)));

    assert_eq!(window.local_storage().unwrap().unwrap().length().unwrap(), 0);
    assert_eq!(window.session_storage().unwrap().unwrap().length().unwrap(), 0);
}

#[wasm_bindgen_test]
fn options_of_another_version_are_refused_quietly() {
    cavuer_widget::mount(Object::new().into());
}
