//! Nobody loses what they typed by following a link: whoever leaves a changed form is asked first,
//! by [`LeaveGuard`](crate::components::leave_guard::LeaveGuard).

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BeforeUnloadEvent, Element, HtmlAnchorElement, MouseEvent};

use crate::route::Go;

/// Whether the page on screen holds changes that were not saved.
#[derive(Clone, Copy)]
pub struct Unsaved {
    changed: RwSignal<bool>,
    /// Where the reader wants to go, while they are asked.
    pub asked: RwSignal<Option<Destination>>,
    /// Where the changed form lies.
    address: StoredValue<String>,
}

/// Where the reader wanted to go.
#[derive(Clone, PartialEq)]
pub enum Destination {
    Link(String),
    /// Back or forward, which the browser does not tell apart.
    History,
}

impl Unsaved {
    /// Watches links, "back" and closing the tab. To be called before the router exists: it must
    /// see these events first.
    pub fn watch() -> Self {
        let unsaved = Self {
            changed: RwSignal::new(false),
            asked: RwSignal::new(None),
            address: StoredValue::new(String::new()),
        };
        window_event_listener(ev::click, move |event| unsaved.on_click(&event));
        window_event_listener(ev::popstate, move |event| {
            if unsaved.changed.get_untracked() {
                event.stop_immediate_propagation();
                unsaved.undo_history();
            }
        });
        window_event_listener(ev::beforeunload, move |event: BeforeUnloadEvent| {
            if unsaved.changed.get_untracked() {
                event.prevent_default();
            }
        });
        unsaved
    }

    /// Ties the question to a page's own signal, until that page goes.
    pub fn follow(self, changed: impl Fn() -> bool + 'static) {
        Effect::new(move |_| {
            let changed = changed();
            if changed {
                self.address.set_value(current_address());
            }
            self.changed.set(changed);
        });
        on_cleanup(move || self.changed.set(false));
    }

    /// The changes are to be dropped: the next navigation does not ask.
    pub fn forget(self) {
        self.changed.set(false);
    }

    /// Drops the changes and goes where the reader was asked about.
    pub fn leave(self, go: Go) {
        self.forget();
        match self.asked.get_untracked() {
            Some(Destination::Link(address)) => go.to(&address),
            Some(Destination::History) => {
                if let Ok(history) = window().history() {
                    let _ = history.back();
                }
            }
            None => {}
        }
    }

    fn on_click(self, event: &MouseEvent) {
        let opens_elsewhere =
            event.meta_key() || event.ctrl_key() || event.shift_key() || event.button() != 0;
        if !self.changed.get_untracked() || event.default_prevented() || opens_elsewhere {
            return;
        }
        if let Some(address) = link_of(event) {
            event.prevent_default();
            self.asked.set(Some(Destination::Link(address)));
        }
    }

    /// The browser has already changed the address; the form's own is put back.
    fn undo_history(self) {
        if let Ok(history) = window().history() {
            let here = self.address.get_value();
            let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&here));
        }
        self.asked.set(Some(Destination::History));
    }
}

fn current_address() -> String {
    let location = window().location();
    location.pathname().unwrap_or_default() + &location.search().unwrap_or_default()
}

/// The address on this server that a click on a link would open in this tab.
fn link_of(event: &MouseEvent) -> Option<String> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let link: HtmlAnchorElement = target.closest("a[href]").ok()??.dyn_into().ok()?;
    let origin = window().location().origin().ok()?;
    let inside = link.target().is_empty() && link.origin() == origin;
    inside.then(|| link.pathname() + &link.search())
}
