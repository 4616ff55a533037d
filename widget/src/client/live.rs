//! The event stream: which tab holds it, and how it comes back after every interruption.

use std::cell::{Cell, RefCell};

use cavuer_protocol::ProblemCode;
use cavuer_protocol::sse::SseDecoder;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

use super::{Client, wait_after};
use crate::api::Failure;
use crate::browser::{Pause, callback, is_online, is_visible, now, property, spawn, window};
use crate::state::Link;
use crate::tabs::{Lock, Told, locks};

/// The server says something every 15 seconds; a stream that is silent for longer is dead.
const SILENCE_MILLIS: i64 = 45_000;
/// The same, when the tab is shown or the network returns: then it is worth a closer look.
const SHORT_SILENCE_MILLIS: i64 = 20_000;
/// When the tab that holds the stream says nothing for so long, its browser has put it to sleep,
/// and a tab that can be seen takes the stream over.
const ASLEEP_MILLIS: i64 = 75_000;
const CHECK_MILLIS: i32 = 15_000;
/// A stream that lasted for so long was a good one: when it ends, the next is opened soon.
const STABLE_MILLIS: i64 = 10_000;

#[derive(Default)]
pub struct Live {
    /// Rises with every start and stop; a task that belongs to an earlier run ends.
    run: Cell<u32>,
    visitor: RefCell<String>,
    last_id: RefCell<String>,
    /// When the stream, here or in another tab, was last heard of.
    heard: Cell<i64>,
    attempt: RefCell<Option<AbortController>>,
    lock: RefCell<Option<Lock>>,
    is_checking: Cell<bool>,
    pub pause: Pause,
}

impl Live {
    /// The visitor whose events these are. Another visitor's stream has other event ids.
    pub fn set_visitor(&self, visitor: String) {
        if *self.visitor.borrow() != visitor {
            self.stop();
            self.last_id.take();
            self.visitor.replace(visitor);
        }
    }

    pub fn visitor(&self) -> String {
        self.visitor.borrow().clone()
    }

    pub fn set_last_id(&self, id: &str) {
        if !id.is_empty() {
            id.clone_into(&mut self.last_id.borrow_mut());
        }
    }

    pub fn heard_something(&self) {
        self.heard.set(now().0);
    }

    fn silence(&self) -> i64 {
        now().0 - self.heard.get()
    }

    fn is_running(&self) -> bool {
        !self.run.get().is_multiple_of(2)
    }

    fn stop(&self) {
        if self.is_running() {
            self.run.set(self.run.get() + 1);
        }
        self.lock.take();
        self.abort();
        self.pause.wake();
    }

    fn abort(&self) {
        if let Some(attempt) = self.attempt.take() {
            attempt.abort();
        }
    }
}

impl Client {
    /// Follows the conversation from now on, if there is a session to do it in.
    pub(super) fn live_start(&'static self) {
        if self.live.is_running() || !self.session.is_open() {
            return;
        }
        let run = self.live.run.get() + 1;
        self.live.run.set(run);
        self.live.heard_something();
        if !self.live.is_checking.replace(true) {
            let check = callback(|_| self.live_check_for(SILENCE_MILLIS));
            // Without it a dead stream is noticed when the tab is shown next.
            let _ = window()
                .set_interval_with_callback_and_timeout_and_arguments_0(&check, CHECK_MILLIS);
        }
        spawn(async move {
            while self.live.run.get() == run {
                self.wait_for_turn(run).await;
                self.follow(run).await;
            }
        });
    }

    pub(super) fn live_stop(&self) {
        self.live.stop();
    }

    /// Ends a stream that has been silent for too long, so that it is opened again.
    pub(super) fn live_check(&self) {
        self.live_check_for(SHORT_SILENCE_MILLIS);
    }

    fn live_check_for(&self, silence: i64) {
        if self.live.silence() > silence {
            self.live.abort();
        }
    }

    /// Whether this tab is the one that holds the stream. Without locks (an insecure page) every
    /// tab that can be seen holds its own.
    fn is_leading(&self, run: u32) -> bool {
        let lock = self.live.lock.borrow();
        let holds = lock.as_ref().map_or_else(|| locks().is_none() && is_visible(), Lock::is_held);
        self.live.run.get() == run && holds
    }

    async fn wait_for_turn(&'static self, run: u32) {
        if let Some(locks) = locks() {
            let name = "cavuer:".to_owned() + &self.options.token + ":" + &self.live.visitor();
            let request = |steal| {
                Lock::request(&locks, &name, steal, || {
                    self.live.abort();
                    self.live.pause.wake();
                })
            };
            // What was held before is given back first: a lock never waits for itself.
            self.live.lock.take();
            self.live.lock.replace(request(false));
            while self.live.run.get() == run && !self.is_leading(run) {
                self.live.pause.wait(ASLEEP_MILLIS as i32).await;
                let is_asleep = self.live.silence() > ASLEEP_MILLIS && is_visible();
                if self.live.run.get() == run && !self.is_leading(run) && is_asleep {
                    self.live.heard_something();
                    self.live.lock.take();
                    self.live.lock.replace(request(true));
                }
            }
        } else {
            while self.live.run.get() == run && !self.is_leading(run) {
                self.live.pause.sleep().await;
            }
        }
    }

    /// Holds the stream while it is this tab's turn.
    async fn follow(&'static self, run: u32) {
        let mut failures = 0;
        while self.is_leading(run) {
            self.live.heard_something();
            self.say_alive();
            let began = now();
            let ended = self.read_stream().await;
            if !self.is_leading(run) {
                break;
            }
            let held = now().millis_since(began) > STABLE_MILLIS;
            failures = if held { 1 } else { failures + 1 };
            let failure = ended.err().unwrap_or(Failure::Network);
            if self.refuse(&failure) {
                return self.live_stop();
            }
            if !is_online() {
                self.state.set_link(Link::Offline);
            } else if failures > 1 {
                self.state.set_link(Link::Reconnecting);
            }
            self.live.pause.wait(wait_after(&failure, failures)).await;
        }
    }

    /// Reads one stream to its end.
    async fn read_stream(&'static self) -> Result<(), Failure> {
        let session = self.session().await?;
        let attempt = AbortController::new().map_err(|_| Failure::Network)?;
        let signal = attempt.signal();
        self.live.attempt.replace(Some(attempt));
        let last_id = self.live.last_id.borrow().clone();
        let opened = self.api.open_stream(&session, &last_id, &signal).await;
        if let Err(failure) = &opened
            && failure.code() == Some(ProblemCode::SessionInvalid)
        {
            self.session.expire(&session);
        }
        let reader = opened?;
        self.state.set_link(Link::Fine);
        let mut decoder = SseDecoder::default();
        loop {
            let part = JsFuture::from(reader.read()).await;
            let part = part.map_err(|_| Failure::Network)?;
            let Ok(bytes) = property(&part, "value").dyn_into::<js_sys::Uint8Array>() else {
                return Ok(());
            };
            self.live.heard_something();
            let events = decoder.push(&bytes.to_vec()).map_err(|_| Failure::Network)?;
            if events.is_empty() {
                self.say_alive();
            }
            for event in events {
                self.receive(event.id, event.data);
            }
        }
    }

    fn say_alive(&self) {
        let visitor = self.live.visitor();
        self.tell_tabs(&Told::Alive { visitor });
    }
}
