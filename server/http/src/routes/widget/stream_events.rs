use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use cavuer_protocol::{ConversationEvent, Problem, Timestamp};
use futures::Stream;

use crate::App;
use crate::answers::ApiResult;
use crate::guard::visitor_access::{PageVisitor, count_call};
use cavuer_engine::live::{Next, Subscription};
use cavuer_engine::shown;
use cavuer_store::StoreError;

/// A comment goes out this often, so that proxies do not take the stream for dead. At the same
/// time the visitor's right to listen is looked at again.
const KEEP_ALIVE_MILLIS: i64 = 15_000;
/// What a browser waits before it reconnects by itself, in milliseconds.
const RECONNECT: Duration = Duration::from_secs(1);

/// Everything that happens in the visitor's conversation, as server-sent events: each `data` is a
/// `ConversationEvent`, each `id` can come back as `Last-Event-ID`.
///
/// Who may call: a visitor with a session; it hears of that visitor's conversation and no other.
#[utoipa::path(
    get,
    path = "/api/widget/v1/events",
    tag = "widget",
    security(("visitor" = [])),
    responses(
        (status = 200, content_type = "text/event-stream", body = ConversationEvent),
        (status = 401, body = Problem, description = "`session_invalid`"),
        (status = 403, body = Problem, description = "`widget_unavailable`"),
        (status = 429, body = Problem, description = "`rate_limited`"),
    )
)]
pub(super) async fn stream_events(
    State(app): State<App>,
    visitor: PageVisitor,
    headers: HeaderMap,
) -> ApiResult<Response> {
    count_call(&app, visitor.address)?;
    let last_event_id = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let identity = visitor.session.visitor();
    let subscription =
        app.engine.live.subscribe_visitor(identity, last_event_id, app.engine.clock.now());
    app.engine.metrics.open_streams.inc();
    let next_check = app.engine.clock.now().plus_millis(KEEP_ALIVE_MILLIS);
    let listener =
        Listener { open: OpenStream(app), visitor, subscription, next_check, greeted: false };
    let no_buffering =
        [(header::CACHE_CONTROL.as_str(), "no-store, no-transform"), ("x-accel-buffering", "no")];
    Ok((no_buffering, Sse::new(listener.events())).into_response())
}

/// One open stream. It ends when the server stops, the session expires or the channel is closed
/// to the page; the widget then comes back and is told why.
struct Listener {
    open: OpenStream,
    visitor: PageVisitor,
    subscription: Subscription,
    next_check: Timestamp,
    greeted: bool,
}

/// Counts the stream as open until it is dropped.
struct OpenStream(App);

impl Drop for OpenStream {
    fn drop(&mut self) {
        self.0.engine.metrics.open_streams.dec();
    }
}

impl Listener {
    fn events(self) -> impl Stream<Item = Result<Event, Infallible>> {
        futures::stream::unfold(self, |mut listener| async move {
            let event = listener.next().await?;
            Some((Ok(event), listener))
        })
    }

    async fn next(&mut self) -> Option<Event> {
        if !self.greeted {
            // At once, so that the client knows that the stream stands.
            self.greeted = true;
            return Some(Event::default().retry(RECONNECT).comment("hello"));
        }
        let app = self.open.0.clone();
        tokio::select! {
            biased;
            () = app.engine.stopping.cancelled() => None,
            () = app.engine.clock.sleep_until(self.next_check) => {
                self.next_check = app.engine.clock.now().plus_millis(KEEP_ALIVE_MILLIS);
                let welcome = self.visitor.is_still_welcome(&app).await;
                welcome.then(|| Event::default().comment(""))
            }
            next = self.subscription.next() => match next {
                Next::Event(event) => Some(Event::default().id(event.id).data(&*event.json)),
                Next::Gap => self.snapshot(&app).await.inspect_err(|error| {
                    tracing::error!(%error, "a stream ends without its snapshot");
                }).ok(),
            }
        }
    }

    async fn snapshot(&mut self, app: &App) -> Result<Event, StoreError> {
        let position = self.subscription.catch_up();
        let visitor = self.visitor.session.visitor();
        let conversation = app.engine.store.conversation_of(visitor).await?.unwrap_or_default();
        let conversation = shown::conversation(conversation, position.draft);
        let snapshot = ConversationEvent::Snapshot { conversation };
        let json = serde_json::to_string(&snapshot).unwrap_or_default();
        Ok(Event::default().id(position.id).data(json))
    }
}
