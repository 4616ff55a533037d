use cavuer_protocol::widget::{
    GuestCredentials, OlderMessages, OpenSession, PostMessage, SessionOpened, SessionVisitor,
    UserClaim,
};
use cavuer_protocol::{Conversation, ConversationEvent, Message};
use reqwest::{Client, Method, RequestBuilder};

use super::{EventStream, Reply, message_id};

/// Where the pages of tests come from, unless a test says otherwise.
pub(crate) const ORIGIN: &str = "https://shop.example";

/// A page on which the widget stands.
#[derive(Clone)]
pub(crate) struct Page {
    http: Client,
    url: String,
    pub token: String,
    /// `None` for a caller that is no page.
    pub origin: Option<String>,
    /// Languages of the browser.
    pub languages: String,
    /// What a proxy in front of the server says about the caller's address.
    pub forwarded_for: Option<String>,
}

/// Somebody with a session.
pub(crate) struct Visitor {
    pub page: Page,
    pub opened: SessionOpened,
    /// The request that opened the session.
    asked: OpenSession,
}

impl Page {
    pub(crate) fn new(http: &Client, url: &str, token: &str) -> Self {
        Self {
            http: http.clone(),
            url: url.to_owned(),
            token: token.to_owned(),
            origin: Some(ORIGIN.to_owned()),
            languages: "en".to_owned(),
            forwarded_for: None,
        }
    }

    /// The same page of another site.
    pub(crate) fn at(&self, origin: &str) -> Self {
        Self { origin: Some(origin.to_owned()), ..self.clone() }
    }

    /// The same without the header that says where a page comes from.
    pub(crate) fn nowhere(&self) -> Self {
        Self { origin: None, ..self.clone() }
    }

    /// The same seen from another network address, as a proxy tells it.
    pub(crate) fn at_address(&self, address: &str) -> Self {
        Self { forwarded_for: Some(address.to_owned()), ..self.clone() }
    }

    /// A request of this page; the path begins after `/api/widget/v1`.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut request = self
            .http
            .request(method, format!("{}/api/widget/v1{path}", self.url))
            .header("accept-language", &self.languages);
        if let Some(origin) = &self.origin {
            request = request.header("origin", origin);
        }
        if let Some(address) = &self.forwarded_for {
            request = request.header("x-forwarded-for", address);
        }
        request
    }

    pub(crate) async fn config(&self) -> Reply {
        Reply::to(self.request(Method::GET, &format!("/config?token={}", self.token))).await
    }

    /// What a browser asks before it sends a request to another origin.
    pub(crate) async fn preflight(&self, method: &str, path: &str) -> Reply {
        let request = self.request(Method::OPTIONS, path);
        let request = request
            .header("access-control-request-method", method)
            .header("access-control-request-headers", "authorization,content-type,last-event-id");
        Reply::to(request).await
    }

    /// What this page would send to open a session.
    pub(crate) fn claim(
        &self,
        visitor: Option<&GuestCredentials>,
        user: Option<UserClaim>,
    ) -> OpenSession {
        OpenSession { token: self.token.clone(), visitor: visitor.cloned(), user }
    }

    /// Tries to open a session.
    pub(crate) async fn try_open(&self, asked: &OpenSession) -> Reply {
        Reply::to(self.request(Method::POST, "/sessions").json(asked)).await
    }

    pub(crate) async fn open(&self, asked: OpenSession) -> Visitor {
        let opened = self.try_open(&asked).await.json();
        Visitor { page: self.clone(), opened, asked }
    }

    /// A guest who has not been here before.
    pub(crate) async fn guest(&self) -> Visitor {
        self.open(self.claim(None, None)).await
    }
}

impl Visitor {
    /// The session on another page.
    pub(crate) fn on(&self, page: &Page) -> Self {
        Self { page: page.clone(), opened: self.opened.clone(), asked: self.asked.clone() }
    }

    /// A request with the session.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.page.request(method, path).bearer_auth(self.opened.session.expose())
    }

    /// Tries to post a message.
    pub(crate) async fn post(&self, post: &PostMessage) -> Reply {
        Reply::to(self.request(Method::POST, "/messages").json(post)).await
    }

    /// Tries to post a new message.
    pub(crate) async fn try_say(&self, text: &str) -> Reply {
        self.post(&PostMessage::new(message_id(), text.to_owned())).await
    }

    pub(crate) async fn say(&self, text: &str) -> Message {
        self.try_say(text).await.json()
    }

    /// Says something and waits for the answer.
    pub(crate) async fn ask(&self, text: &str) -> Message {
        let mut events = self.events().await;
        let question = self.say(text).await;
        loop {
            let reply = events.reply().await;
            if reply.seq > question.seq {
                return reply;
            }
        }
    }

    /// A fresh event stream.
    pub(crate) async fn events(&self) -> EventStream<ConversationEvent> {
        EventStream::open(self.request(Method::GET, "/events")).await.begun().await
    }

    /// The event stream from a place on.
    pub(crate) async fn events_after(&self, last_id: &str) -> EventStream<ConversationEvent> {
        let request = self.request(Method::GET, "/events").header("last-event-id", last_id);
        EventStream::open(request).await
    }

    pub(crate) async fn older(&self, before: i64) -> OlderMessages {
        Reply::to(self.request(Method::GET, &format!("/messages?before={before}"))).await.json()
    }

    /// The visitor after a reload of the page: a new session for the same person.
    pub(crate) async fn reloaded(&self) -> Self {
        let guest = match &self.opened.visitor {
            SessionVisitor::Guest(guest) => Some(guest),
            SessionVisitor::User { .. } => None,
        };
        self.page.open(self.page.claim(guest, self.asked.user.clone())).await
    }

    /// The conversation as the visitor finds it after a reload.
    pub(crate) async fn conversation(&self) -> Conversation {
        self.reloaded().await.opened.conversation
    }

    /// What a guest's browser keeps.
    pub(crate) fn credentials(&self) -> GuestCredentials {
        match &self.opened.visitor {
            SessionVisitor::Guest(guest) => guest.clone(),
            SessionVisitor::User { id } => panic!("{id} is no guest"),
        }
    }

    /// The id under which the console shows the visitor.
    pub(crate) fn id(&self) -> &str {
        match &self.opened.visitor {
            SessionVisitor::Guest(guest) => &guest.id,
            SessionVisitor::User { id } => id,
        }
    }
}
