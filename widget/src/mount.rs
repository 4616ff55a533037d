use any_spawner::Executor;
use reactive_graph::owner::Owner;
use wasm_bindgen::prelude::*;
use web_sys::{CssStyleSheet, ShadowRoot};

use crate::browser::log_error;
use crate::client::Client;
use crate::options::Options;
use crate::{view, wire};

/// The panel's looks, over the tokens that all parts of Cavuer share; `build.rs` makes it small.
const STYLE: &str = include_str!(concat!(env!("OUT_DIR"), "/style.css"));

/// Starts the panel in the shadow root that `embed.js` made. It lives as long as the page.
#[wasm_bindgen]
pub fn mount(options: JsValue) {
    let read = Options::read(&options).and_then(|options| {
        let config = wire::decode(&options.config)?;
        Some((options, config))
    });
    let Some((options, config)) = read else {
        log_error("embed.js and the chat panel are of different versions. Reload the page.");
        return;
    };
    let (root, launcher, open) = (options.root.clone(), options.launcher.clone(), options.open);
    if adopt(&root).is_err() {
        log_error("this browser cannot style the chat panel; it is too old for it.");
    }
    // An error means that it runs already.
    let _ = Executor::init_wasm_bindgen();
    // The page has one widget for its whole life, so its parts never have to be taken down.
    let owner = Owner::new();
    owner.with(|| {
        let client: &'static Client = Box::leak(Box::new(Client::new(options, config)));
        // A fresh node fits anywhere.
        let _ = root.append_child(&view::panel(client, launcher));
        client.start();
        if open {
            client.toggle();
        }
    });
    std::mem::forget(owner);
}

/// A constructed style sheet needs no permission from the page's policy.
fn adopt(root: &ShadowRoot) -> Result<(), JsValue> {
    let sheet = CssStyleSheet::new()?;
    sheet.replace_sync(STYLE)?;
    let sheets = root.adopted_style_sheets();
    let all = sheets.concat(&js_sys::Array::of1(&sheet));
    root.set_adopted_style_sheets(&all);
    Ok(())
}
