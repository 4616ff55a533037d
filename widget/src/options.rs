//! What `embed.js` hands over.

use cavuer_protocol::Secret;
use cavuer_protocol::widget::UserClaim;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, ShadowRoot};

use crate::browser::{property, string_property};

/// The page's side of the widget.
pub struct Options {
    /// The channel's public token.
    pub token: String,
    /// Address of the server, without a slash at the end.
    pub base: String,
    /// The answer to `GET config`, as JSON.
    pub config: String,
    pub root: ShadowRoot,
    pub launcher: HtmlElement,
    /// Whether the visitor has clicked the launcher already.
    pub open: bool,
    /// Who the site says its visitor is. An empty id means nobody: templates print it for guests.
    pub user: Option<UserClaim>,
}

impl Options {
    /// Reads the object; `None` if `embed.js` and this code do not belong together.
    pub fn read(options: &JsValue) -> Option<Self> {
        let text = |name| string_property(options, name);
        let user = text("userId").map(|id| UserClaim {
            id,
            hash: text("userHash").map(Secret::new),
            name: text("userName"),
            email: text("userEmail"),
        });
        Some(Self {
            token: text("token")?,
            base: text("base")?,
            config: text("config")?,
            root: property(options, "root").dyn_into().ok()?,
            launcher: property(options, "launcher").dyn_into().ok()?,
            open: property(options, "open").is_truthy(),
            user,
        })
    }
}
