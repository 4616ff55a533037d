//! Who the visitor is, and the session that every call needs.

use std::cell::{Cell, RefCell};

use cavuer_protocol::widget::{GuestCredentials, OpenSession, SessionOpened, SessionVisitor};
use cavuer_protocol::{ConversationEvent, ProblemCode};
use wasm_bindgen::JsValue;

use super::Client;
use crate::api::{Ask, Failure, decode};
use crate::browser::Gate;
use crate::storage::Record;
use crate::tabs::Told;
use crate::wire;

#[derive(Default)]
pub struct Session {
    token: RefCell<Option<String>>,
    guest: RefCell<Option<GuestCredentials>>,
    /// Set by the first send: only from then on does the browser keep who the visitor is.
    pub has_written: Cell<bool>,
    gate: Gate,
    /// Events that arrived while a session was being opened. The snapshot that comes with the
    /// session may be older than they are, so they are applied again on top of it.
    meanwhile: RefCell<Option<Vec<ConversationEvent>>>,
}

impl Session {
    pub fn is_open(&self) -> bool {
        self.token.borrow().is_some()
    }

    pub fn remember(&self, event: &ConversationEvent) {
        if let Some(events) = &mut *self.meanwhile.borrow_mut() {
            events.push(event.clone());
        }
    }

    /// Forgets a session that the server no longer takes, unless a newer one is in place already.
    pub fn expire(&self, token: &str) {
        self.token.borrow_mut().take_if(|known| known == token);
    }
}

impl Client {
    /// The session, opened now if there is none. Several callers share one opening.
    pub(super) async fn session(&'static self) -> Result<String, Failure> {
        let _entry = self.session.gate.enter().await;
        let open = self.session.token.borrow().clone();
        match open {
            Some(token) => Ok(token),
            None => self.open_session().await,
        }
    }

    /// A call inside the session; an expired session is opened again, once.
    pub(super) async fn call(&'static self, path: &str, ask: Ask<'_>) -> Result<JsValue, Failure> {
        let token = self.session().await?;
        let answer = self.api.call(path, Some(&token), ask).await;
        match answer {
            Err(failure) if failure.code() == Some(ProblemCode::SessionInvalid) => {
                self.session.expire(&token);
                let token = self.session().await?;
                self.api.call(path, Some(&token), ask).await
            }
            answer => answer,
        }
    }

    async fn open_session(&'static self) -> Result<String, Failure> {
        self.session.meanwhile.replace(Some(Vec::new()));
        let answer = self.ask_for_session().await;
        let meanwhile = self.session.meanwhile.take().unwrap_or_default();
        let opened = answer?;
        self.settle_identity(&opened);
        let session = opened.session.into_exposed();
        self.session.token.replace(Some(session.clone()));
        let conversation = opened.conversation;
        self.apply(ConversationEvent::Snapshot { conversation });
        for event in meanwhile {
            self.apply(event);
        }
        self.mark_read_if_looking();
        self.live_start();
        Ok(session)
    }

    async fn ask_for_session(&self) -> Result<SessionOpened, Failure> {
        let kept = self.store.record().and_then(|record| record.credentials());
        let mut request = OpenSession {
            token: self.options.token.clone(),
            visitor: kept.or_else(|| self.session.guest.borrow().clone()),
            user: self.options.user.clone(),
        };
        let mut body = wire::open_session(&request);
        let mut answer = self.api.call("sessions", None, Ask::Post(&body)).await;
        let refused = answer
            .as_ref()
            .is_err_and(|failure| failure.code() == Some(ProblemCode::SessionInvalid));
        if refused && request.visitor.take().is_some() {
            // The server does not know this guest any more.
            body = wire::open_session(&request);
            answer = self.api.call("sessions", None, Ask::Post(&body)).await;
        }
        decode(&answer?)
    }

    /// Keeps what lets this browser find the conversation again, and no more than that.
    fn settle_identity(&self, opened: &SessionOpened) {
        let known = self.store.record();
        let read = self.state.now().read;
        let (visitor, record) = match &opened.visitor {
            SessionVisitor::Guest(credentials) => {
                self.session.guest.replace(Some(credentials.clone()));
                (credentials.id.clone(), Record::guest(credentials, read))
            }
            // A guest's conversation, if there was one, belongs to the user now.
            SessionVisitor::User { id } => {
                self.session.guest.take();
                ("user:".to_owned() + id, Record::user(read))
            }
        };
        let worth_keeping = known.is_some()
            || self.session.has_written.get()
            || !opened.conversation.messages.is_empty();
        if worth_keeping && known.as_ref() != Some(&record) {
            self.store.save_record(&record);
        }
        if known.is_none() && worth_keeping {
            self.tell_tabs(&Told::Joined);
        }
        self.live.set_visitor(visitor);
    }
}
