//! The visitor's other tabs. A browser gives one host six connections, so one tab holds the event
//! stream for all of them and passes on what it hears.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, BroadcastChannel};

use crate::browser::{callback, deferred, property, set_property, spawn, window};

/// What one tab tells the others. `visitor` names whom it concerns: two tabs may belong to
/// different users.
pub enum Told {
    /// The stream brought an event.
    Event { visitor: String, id: String, data: String },
    /// The tab with the stream is alive, though there is no news.
    Alive { visitor: String },
    /// The visitor has read up to that `seq`.
    Read { visitor: String, seq: i64 },
    /// A visitor sent a first message: there is a conversation to join now.
    Joined,
}

/// The line to the other tabs; silent where the browser has none.
pub struct Tabs {
    name: String,
    channel: RefCell<Option<BroadcastChannel>>,
    hear: Function,
}

impl Tabs {
    pub fn new(token: &str, hear: impl Fn(Told) + 'static) -> Self {
        let hear = callback(move |event| {
            if let Some(told) = read(property(&event, "data")) {
                hear(told);
            }
        });
        let tabs = Self { name: "cavuer:".to_owned() + token, channel: RefCell::default(), hear };
        tabs.open();
        tabs
    }

    pub fn open(&self) {
        let channel = BroadcastChannel::new(&self.name).ok();
        if let Some(channel) = &channel {
            channel.set_onmessage(Some(&self.hear));
        }
        self.channel.replace(channel);
    }

    /// Pages with an open channel cannot be kept for the back button.
    pub fn close(&self) {
        if let Some(channel) = self.channel.take() {
            channel.close();
        }
    }

    pub fn tell(&self, told: &Told) {
        if let Some(channel) = &*self.channel.borrow() {
            // A closed channel hears nothing; there is nobody to tell about it.
            let _ = channel.post_message(&write(told));
        }
    }
}

fn write(told: &Told) -> JsValue {
    let parts = match told {
        Told::Event { visitor, id, data } => {
            Array::of4(&"event".into(), &visitor.into(), &id.into(), &data.into())
        }
        Told::Alive { visitor } => Array::of2(&"alive".into(), &visitor.into()),
        Told::Read { visitor, seq } => {
            Array::of3(&"read".into(), &visitor.into(), &(*seq as f64).into())
        }
        Told::Joined => Array::of1(&"joined".into()),
    };
    parts.into()
}

fn read(message: JsValue) -> Option<Told> {
    let parts: Array = message.dyn_into().ok()?;
    let text = |index| parts.get(index).as_string();
    Some(match text(0)?.as_str() {
        "event" => Told::Event { visitor: text(1)?, id: text(2)?, data: text(3)? },
        "alive" => Told::Alive { visitor: text(1)? },
        "read" => Told::Read { visitor: text(1)?, seq: parts.get(2).as_f64()? as i64 },
        "joined" => Told::Joined,
        _ => return None,
    })
}

#[wasm_bindgen]
extern "C" {
    /// `navigator.locks` (Web Locks API); only secure contexts have it.
    pub type LockManager;

    #[wasm_bindgen(method)]
    fn request(this: &LockManager, name: &str, options: &JsValue, granted: &JsValue) -> Promise;
}

pub fn locks() -> Option<LockManager> {
    let locks = property(&window().navigator(), "locks");
    (!locks.is_undefined()).then(|| locks.unchecked_into())
}

/// Asks for a lock, and holds it once it is granted. Dropping it gives it back.
pub struct Lock {
    granted: Rc<Cell<bool>>,
    release: Function,
    abort: AbortController,
}

impl Lock {
    /// `changed` is called when the lock is granted and when another tab took it away. With
    /// `steal` the lock is taken from whoever holds it.
    pub fn request(
        locks: &LockManager,
        name: &str,
        steal: bool,
        changed: impl Fn() + 'static,
    ) -> Option<Self> {
        let abort = AbortController::new().ok()?;
        let (held, release) = deferred();
        let granted = Rc::new(Cell::new(false));
        let changed = Rc::new(changed);
        let on_granted = {
            let (granted, changed) = (granted.clone(), changed.clone());
            Closure::once_into_js(move |_: JsValue| {
                granted.set(true);
                changed();
                held
            })
        };
        let options = js_sys::Object::new();
        if steal {
            set_property(&options, "steal", &JsValue::TRUE);
        } else {
            set_property(&options, "signal", &abort.signal());
        }
        let request = locks.request(name, &options, &on_granted);
        let lost = granted.clone();
        spawn(async move {
            let ended = JsFuture::from(request).await;
            if lost.replace(false) && ended.is_err() {
                changed();
            }
        });
        Some(Self { granted, release, abort })
    }

    /// Whether this tab holds the lock now.
    pub fn is_held(&self) -> bool {
        self.granted.get()
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.granted.set(false);
        self.abort.abort();
        let _ = self.release.call0(&JsValue::UNDEFINED);
    }
}
