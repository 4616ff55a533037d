use std::convert::Infallible;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use cavuer_protocol::Timestamp;
use cavuer_protocol::console::ConsoleEvent;
use futures::stream;

use super::refusals;
use crate::App;
use crate::guard::console_session::{self, Member};
use cavuer_engine::live::{Next, Subscription};
use cavuer_store::SessionHash;

/// How often a comment keeps proxies from closing a quiet stream, in milliseconds.
const KEEP_ALIVE_MILLIS: i64 = 15_000;

/// Everything that happens in the workspace, as server-sent [`ConsoleEvent`]s.
///
/// Members of the workspace may call. The stream goes on after `Last-Event-ID` where the server
/// still has what followed; otherwise `resync` comes first. It ends when the session does.
#[utoipa::path(
    get, path = "/workspaces/{workspace}/events", tag = "conversations",
    params(("workspace" = String, Path), ("Last-Event-ID" = Option<String>, Header)),
    responses(
        (status = 200, body = ConsoleEvent, content_type = "text/event-stream"),
        refusals::ForMembers,
    ),
)]
pub(crate) async fn stream_workspace_events(
    State(app): State<App>,
    member: Member,
    headers: HeaderMap,
) -> Response {
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let now = app.engine.clock.now();
    let listener = Listener {
        subscription: app.engine.live.subscribe_workspace(member.workspace.id, last, now),
        session: member.session,
        keep_alive_at: now.plus_millis(KEEP_ALIVE_MILLIS),
        app,
    };
    let events = stream::unfold(listener, |mut listener| async {
        let event = listener.next().await?;
        Some((Ok::<_, Infallible>(event), listener))
    });
    let unbuffered = [(HeaderName::from_static("x-accel-buffering"), "no")];
    (unbuffered, Sse::new(events)).into_response()
}

/// One console that listens.
struct Listener {
    app: App,
    subscription: Subscription,
    session: SessionHash,
    keep_alive_at: Timestamp,
}

impl Listener {
    /// The next thing to send; `None` ends the stream.
    async fn next(&mut self) -> Option<Event> {
        let app = self.app.clone();
        tokio::select! {
            // In this order, so that a busy stream is kept to the same rules as a quiet one.
            biased;
            () = app.engine.stopping.cancelled() => None,
            () = app.engine.clock.sleep_until(self.keep_alive_at) => self.keep_alive().await,
            next = self.subscription.next() => Some(self.event(next)),
        }
    }

    /// Whoever signed out hears no more, and nobody does while the store cannot be asked.
    async fn keep_alive(&mut self) -> Option<Event> {
        self.keep_alive_at = self.app.engine.clock.now().plus_millis(KEEP_ALIVE_MILLIS);
        let lives = console_session::lives(&self.app, self.session).await;
        lives.is_ok_and(|lives| lives).then(|| Event::default().comment(""))
    }

    fn event(&mut self, next: Next) -> Event {
        match next {
            Next::Event(event) => Event::default().id(event.id).data(event.json),
            Next::Gap => {
                let position = self.subscription.catch_up();
                let resync = serde_json::to_string(&ConsoleEvent::Resync).unwrap_or_default();
                Event::default().id(position.id).data(resync)
            }
        }
    }
}
