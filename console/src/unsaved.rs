//! Nobody loses what they typed by following a link: leaving a changed form asks first.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BeforeUnloadEvent, Element, HtmlAnchorElement, MouseEvent};

use crate::components::confirm::ConfirmDialog;
use crate::route::use_go;
use crate::text::t;

/// Whether the page on screen holds changes that were not saved.
#[derive(Clone, Copy)]
pub struct Unsaved {
    changed: RwSignal<bool>,
    /// Where the reader wants to go, while they are asked.
    asked: RwSignal<Option<Destination>>,
    /// Where the changed form lies.
    address: StoredValue<String>,
}

/// Where the reader wanted to go.
#[derive(Clone, PartialEq)]
enum Destination {
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

/// Asks before changes are dropped.
#[component]
pub fn LeaveGuard() -> impl IntoView {
    let unsaved: Unsaved = expect_context();
    let open = RwSignal::new(false);
    let go = use_go();
    Effect::new(move |_| {
        if unsaved.asked.with(Option::is_some) {
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            unsaved.asked.set(None);
        }
    });
    let leave = move || {
        let destination = unsaved.asked.get_untracked();
        unsaved.forget();
        open.set(false);
        match destination {
            Some(Destination::Link(address)) => go.to(&address),
            Some(Destination::History) => {
                if let Ok(history) = window().history() {
                    let _ = history.back();
                }
            }
            None => {}
        }
    };
    view! {
        <ConfirmDialog
            open=open
            title=t().common.leave_title
            confirm=t().common.leave
            cancel=t().common.stay
            on_confirm=leave
        >
            <p>{t().common.leave_body}</p>
        </ConfirmDialog>
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
