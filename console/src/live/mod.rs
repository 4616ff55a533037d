//! The workspace's event stream: one connection for the tab, handed to whoever listens.

mod meanwhile;

use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{EventSource, MessageEvent, VisibilityState};

use cavuer_protocol::console::ConsoleEvent;

use crate::api::WorkspaceApi;

use meanwhile::Meanwhile;

/// First wait before a stream that the browser gave up on is opened anew; it doubles.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

type Listener = (u32, Callback<ConsoleEvent>);

/// Where components listen for events.
#[derive(Clone, Copy)]
pub struct Live {
    listeners: RwSignal<Vec<Listener>>,
    next: StoredValue<u32>,
    meanwhile: StoredValue<Meanwhile<ConsoleEvent>>,
}

pub fn use_live() -> Live {
    expect_context()
}

impl Live {
    /// Opens the stream; it closes with the component that calls this, and rests while the tab
    /// is hidden, because a browser has few connections to one server. Every fresh stream begins
    /// with `Resync`, so nothing is missed.
    pub fn open(workspace: WorkspaceApi) -> Self {
        let live = Self {
            listeners: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
            meanwhile: StoredValue::new(Meanwhile::new()),
        };
        let stream = Rc::new(Stream {
            workspace,
            live,
            open: RefCell::new(None),
            pause: RefCell::new(FIRST_PAUSE),
        });
        stream.follow_visibility();
        let watched = Rc::clone(&stream);
        let handle = window_event_listener_untyped("visibilitychange", move |_| {
            watched.follow_visibility();
        });
        let ending = StoredValue::new_local(stream);
        on_cleanup(move || {
            handle.remove();
            ending.with_value(|stream| stream.close());
        });
        live
    }

    /// Calls back for every event until the calling component goes.
    pub fn listen(self, callback: impl Fn(ConsoleEvent) + Send + Sync + 'static) {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        let listener = (id, Callback::new(callback));
        self.listeners.update_untracked(|all| all.push(listener));
        on_cleanup(move || {
            self.listeners.try_update_untracked(|all| all.retain(|(other, _)| *other != id));
        });
    }

    /// Waits for an answer. With it comes what the stream said since the request, oldest first:
    /// that is newer, and is to be applied to the answer.
    pub async fn during<T>(self, request: impl Future<Output = T>) -> (T, Vec<ConsoleEvent>) {
        let mut under_way = UnderWay::begin(self.meanwhile);
        let answer = request.await;
        (answer, under_way.end())
    }

    fn tell(self, event: &ConsoleEvent) {
        self.meanwhile.try_update_value(|meanwhile| meanwhile.note(event));
        let listeners = self.listeners.try_get_untracked().unwrap_or_default();
        for (_, listener) in listeners {
            listener.run(event.clone());
        }
    }
}

/// An answer under way. One that nobody waits for any more is dropped, and nothing is kept for it.
struct UnderWay {
    meanwhile: StoredValue<Meanwhile<ConsoleEvent>>,
    /// `None` where the stream was closed with its workspace.
    number: Option<u32>,
}

impl UnderWay {
    fn begin(meanwhile: StoredValue<Meanwhile<ConsoleEvent>>) -> Self {
        Self { meanwhile, number: meanwhile.try_update_value(Meanwhile::begin) }
    }

    fn end(&mut self) -> Vec<ConsoleEvent> {
        let number = self.number.take();
        let said = number
            .and_then(|number| self.meanwhile.try_update_value(|meanwhile| meanwhile.end(number)));
        said.unwrap_or_default()
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.end();
    }
}

struct Stream {
    workspace: WorkspaceApi,
    live: Live,
    open: RefCell<Option<Connection>>,
    pause: RefCell<Duration>,
}

struct Connection {
    source: EventSource,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut()>,
}

impl Stream {
    fn follow_visibility(self: &Rc<Self>) {
        if document().visibility_state() == VisibilityState::Hidden {
            self.close();
        } else if self.open.borrow().is_none() {
            self.connect();
        }
    }

    fn close(&self) {
        if let Some(connection) = self.open.borrow_mut().take() {
            connection.source.close();
        }
    }

    fn connect(self: &Rc<Self>) {
        let Ok(source) = EventSource::new(&self.workspace.events_url()) else {
            return;
        };
        let stream = Rc::clone(self);
        let on_message = Closure::new(move |message: MessageEvent| {
            *stream.pause.borrow_mut() = FIRST_PAUSE;
            if stream.workspace.account().unreachable.get_untracked() {
                stream.ask();
            }
            let data = message.data().as_string().unwrap_or_default();
            // An event of a kind that this version does not know is nothing to show.
            if let Ok(event) = serde_json::from_str(&data) {
                stream.live.tell(&event);
            }
        });
        let stream = Rc::clone(self);
        let on_error = Closure::new(move || {
            stream.ask();
            stream.reopen_if_given_up();
        });
        source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        *self.open.borrow_mut() =
            Some(Connection { source, _on_message: on_message, _on_error: on_error });
    }

    /// A stream does not say why it failed. Any request does: whether the server is gone or back,
    /// and whether somebody is signed in, the client notes for the whole app.
    fn ask(&self) {
        let workspace = self.workspace;
        spawn_local(async move {
            let _ = workspace.account().me().await;
        });
    }

    /// The browser reconnects by itself after a lost connection, but not after an error status.
    fn reopen_if_given_up(self: &Rc<Self>) {
        let given_up = self
            .open
            .borrow()
            .as_ref()
            .is_some_and(|open| open.source.ready_state() == EventSource::CLOSED);
        if !given_up {
            return;
        }
        let pause = *self.pause.borrow();
        *self.pause.borrow_mut() = (pause * 2).min(LONGEST_PAUSE);
        let stream = Rc::clone(self);
        set_timeout(
            move || {
                let same = stream
                    .open
                    .borrow()
                    .as_ref()
                    .is_some_and(|open| open.source.ready_state() == EventSource::CLOSED);
                if same {
                    stream.close();
                    stream.follow_visibility();
                }
            },
            pause,
        );
    }
}
