//! Waiting.

use std::cell::{Cell, RefCell};

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::window;

/// A promise and the function that keeps it.
pub fn deferred() -> (Promise, Function) {
    let mut keep = None;
    let promise = Promise::new(&mut |resolve, _| keep = Some(resolve));
    // The executor of a promise runs at once.
    (promise, keep.unwrap_or_default())
}

/// A wait that can be cut short.
#[derive(Default)]
pub struct Pause {
    end: RefCell<Option<Function>>,
}

impl Pause {
    /// Waits for that many milliseconds, or until somebody calls [`Pause::wake`].
    pub async fn wait(&self, millis: i32) {
        let (promise, end) = deferred();
        // Without a timer the pause ends by being woken.
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&end, millis);
        self.until(promise, end).await;
    }

    /// Waits until somebody calls [`Pause::wake`].
    pub async fn sleep(&self) {
        let (promise, end) = deferred();
        self.until(promise, end).await;
    }

    pub fn wake(&self) {
        if let Some(end) = self.end.take() {
            call(&end);
        }
    }

    async fn until(&self, promise: Promise, end: Function) {
        self.end.replace(Some(end));
        // It is only ever resolved.
        let _ = JsFuture::from(promise).await;
    }
}

/// Lets one task in at a time.
#[derive(Default)]
pub struct Gate {
    taken: Cell<bool>,
    waiting: RefCell<Vec<Function>>,
}

/// Being inside; dropping it opens the gate again.
pub struct Entry<'a>(&'a Gate);

impl Gate {
    pub async fn enter(&self) -> Entry<'_> {
        while self.taken.get() {
            let (promise, end) = deferred();
            self.waiting.borrow_mut().push(end);
            let _ = JsFuture::from(promise).await;
        }
        self.taken.set(true);
        Entry(self)
    }
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        self.0.taken.set(false);
        for end in self.0.waiting.take() {
            call(&end);
        }
    }
}

fn call(resolve: &Function) {
    // A promise's resolver does not throw.
    let _ = resolve.call0(&JsValue::UNDEFINED);
}
