//! Keeps the conversation in step with the server and with the visitor's other tabs.

mod files;
mod live;
mod receive;
mod send;
mod session;

use std::cell::{Cell, OnceCell};

use cavuer_protocol::ProblemCode;
use cavuer_protocol::widget::{WidgetConfig, WidgetTexts};
use reactive_graph::prelude::*;

use crate::api::{Api, Failure};
use crate::browser::{self, Pause, is_online, listen, log_error, property, random, spawn};
use crate::options::Options;
use crate::outbox::backoff;
use crate::state::{Link, State};
use crate::storage::{Store, owner_tag};
use crate::tabs::{Tabs, Told};
pub use files::ACCEPTED;
use files::Files;
use live::Live;
use session::Session;

pub struct Client {
    pub config: &'static WidgetConfig,
    pub state: State,
    options: Options,
    api: Api,
    store: Store,
    tabs: OnceCell<Tabs>,
    session: Session,
    live: Live,
    /// Cut short when the network comes back.
    outbox_pause: Pause,
    posting: Cell<bool>,
    files: Files,
    connecting: Cell<bool>,
    connect_pause: Pause,
    loading_older: Cell<bool>,
}

impl Client {
    /// The client of the page's one widget. It must be made inside a reactive owner.
    pub fn new(options: Options, config: WidgetConfig) -> Self {
        Self {
            config: Box::leak(Box::new(config)),
            state: State::new(),
            api: Api::new(&options.base),
            store: Store::new(&options.token),
            options,
            tabs: OnceCell::new(),
            session: Session::default(),
            live: Live::default(),
            outbox_pause: Pause::default(),
            posting: Cell::new(false),
            files: Files::default(),
            connecting: Cell::new(false),
            connect_pause: Pause::default(),
            loading_older: Cell::new(false),
        }
    }

    /// Takes up what this browser knows. A new visitor's browser knows nothing: then nothing is
    /// asked of the server and nothing is stored.
    pub fn start(&'static self) {
        self.tabs.get_or_init(|| Tabs::new(&self.options.token, |told| self.hear(told)));
        self.watch_page();
        if let Some(unsent) = self.store.unsent().filter(|u| u.owner == self.owner()) {
            self.state.text.set(unsent.draft);
            self.state.outbox.update(|outbox| {
                outbox.entries = unsent.outgoing;
                outbox.uploads = unsent.uploads;
            });
        }
        match self.store.record() {
            // The site's user has signed out: whoever is here now is somebody new.
            Some(record) if record.user && self.options.user.is_none() => {
                self.store.forget_record();
            }
            Some(record) => {
                self.state.change(|panel| panel.read = record.read);
                self.connect();
            }
            None => {}
        }
        self.send_all();
    }

    /// Opens or closes the panel.
    pub fn toggle(&'static self) {
        if self.state.now().is_open {
            return self.close();
        }
        self.state.change(|panel| panel.is_open = true);
        if self.options.user.is_some() {
            self.connect();
        } else if self.config.identification_required
            && self.state.notice.with_untracked(String::is_empty)
        {
            self.tell(&self.texts().identification_required);
        }
        self.mark_read();
    }

    pub fn close(&self) {
        self.state.change(|panel| panel.is_open = false);
    }

    /// Opens a session and follows the conversation, again and again until it works or is refused.
    fn connect(&'static self) {
        if self.session.is_open() || self.connecting.replace(true) {
            return;
        }
        spawn(async {
            let mut failures = 0;
            while let Err(failure) = self.session().await {
                if self.refuse(&failure) {
                    break;
                }
                failures += 1;
                self.connect_pause.wait(wait_after(&failure, failures)).await;
            }
            self.connecting.set(false);
        });
    }

    /// Says why the widget cannot be used, if the failure is of the lasting kind.
    fn refuse(&self, failure: &Failure) -> bool {
        let texts = self.texts();
        match failure.code() {
            Some(ProblemCode::WidgetUnavailable) => self.tell(&texts.unavailable),
            Some(ProblemCode::IdentificationRequired) => self.tell(&texts.identification_required),
            Some(ProblemCode::IdentityInvalid) => {
                self.tell(&texts.identity_invalid);
                // For the site's owner: the server says what is wrong with the page.
                if let Failure::Refused { detail, .. } = failure {
                    log_error(detail);
                }
            }
            _ => return false,
        }
        true
    }

    fn tell(&self, sentence: &str) {
        self.state.notice.set(sentence.to_owned());
    }

    fn texts(&self) -> &'static WidgetTexts {
        &self.config.texts
    }

    fn tell_tabs(&self, told: &Told) {
        if let Some(tabs) = self.tabs.get() {
            tabs.tell(told);
        }
    }

    /// Whose unsent messages this page may send.
    fn owner(&self) -> u32 {
        owner_tag(self.options.user.as_ref().map(|user| user.id.as_str()))
    }

    /// The network comes and goes, tabs are hidden and shown, pages are kept for the back button.
    fn watch_page(&'static self) {
        let window = browser::window();
        listen(&window, "online", |_| self.wake());
        listen(&window, "offline", |_| self.state.set_link(Link::Offline));
        listen(&browser::document(), "visibilitychange", |_| {
            self.wake();
            self.mark_read_if_looking();
        });
        listen(&window, "pagehide", |_| {
            self.live_stop();
            self.tabs.get().map(Tabs::close);
        });
        listen(&window, "pageshow", |event| {
            if property(&event, "persisted").is_truthy() {
                self.tabs.get().map(Tabs::open);
                self.live_start();
            }
        });
    }

    /// Whatever waits for better times tries again now.
    fn wake(&self) {
        if is_online() {
            if self.state.now().link == Link::Offline {
                self.state.set_link(Link::Fine);
            }
            self.outbox_pause.wake();
        }
        self.connect_pause.wake();
        self.live_check();
        self.live.pause.wake();
    }
}

/// Milliseconds to wait after a failure that may pass.
fn wait_after(failure: &Failure, failures: u32) -> i32 {
    match failure {
        Failure::Refused { code: ProblemCode::RateLimited, retry_seconds, .. } => {
            (*retry_seconds).clamp(1, 3_600) as i32 * 1_000
        }
        _ => backoff(failures, random()),
    }
}
