//! A visitor, as the widget would speak.

use std::error::Error;

use cavuer_protocol::widget::SessionOpened;
use cavuer_protocol::{Author, ConversationEvent};
use futures::StreamExt as _;
use reqwest::{Client, Response};
use serde_json::json;
use tokio::time::Instant;

/// The page on which the visitor is.
pub(crate) const ORIGIN: &str = "http://localhost:3000";

/// One visitor with an open session.
pub(crate) struct Visitor {
    client: Client,
    api: String,
    session: String,
}

/// An open event stream.
pub(crate) struct Events {
    response: futures::stream::BoxStream<'static, reqwest::Result<bytes::Bytes>>,
    buffer: Vec<u8>,
}

/// When the first and the last words of an answer came.
pub(crate) struct Timing {
    pub first: Instant,
    pub last: Instant,
}

impl Visitor {
    /// A new guest.
    pub(crate) async fn arrive(
        client: &Client,
        url: &str,
        token: &str,
    ) -> Result<Self, Box<dyn Error>> {
        let api = format!("{url}/api/widget/v1");
        let opened: SessionOpened = client
            .post(format!("{api}/sessions"))
            .header("origin", ORIGIN)
            .json(&json!({ "token": token }))
            .send()
            .await?
            .error_for_status()?
            .json()
            .await?;
        Ok(Self { client: client.clone(), api, session: opened.session.expose().to_owned() })
    }

    /// Opens the event stream and reads its snapshot.
    pub(crate) async fn listen(&self) -> Result<Events, Box<dyn Error>> {
        let response = self
            .client
            .get(format!("{}/events", self.api))
            .header("origin", ORIGIN)
            .bearer_auth(&self.session)
            .send()
            .await?
            .error_for_status()?;
        let mut events = Events { response: response.bytes_stream().boxed(), buffer: Vec::new() };
        events.next().await?;
        Ok(events)
    }

    /// Sends a message; the answer means that it is on disk.
    pub(crate) async fn say(&self, text: &str) -> Result<Response, Box<dyn Error>> {
        let id = uuid::Uuid::from_u128(unique());
        let response = self
            .client
            .post(format!("{}/messages", self.api))
            .header("origin", ORIGIN)
            .bearer_auth(&self.session)
            .json(&json!({ "id": id, "text": text }))
            .send()
            .await?;
        Ok(response.error_for_status()?)
    }

    /// Sends a message and waits for the whole answer.
    pub(crate) async fn ask(&self, events: &mut Events) -> Result<Timing, Box<dyn Error>> {
        let asking = self.say("How much is delivery?");
        let answer = async {
            let mut first = None;
            loop {
                match events.next().await? {
                    ConversationEvent::AnswerDelta { .. } => {
                        first.get_or_insert_with(Instant::now);
                    }
                    ConversationEvent::MessageAdded { message }
                        if message.author != Author::Visitor =>
                    {
                        let last = Instant::now();
                        return Ok::<_, Box<dyn Error>>((first.unwrap_or(last), last));
                    }
                    _ => {}
                }
            }
        };
        let (accepted, answered) = tokio::join!(asking, answer);
        accepted?;
        let (first, last) = answered?;
        Ok(Timing { first, last })
    }
}

impl Events {
    /// The next event, skipping comments.
    pub(crate) async fn next(&mut self) -> Result<ConversationEvent, Box<dyn Error>> {
        loop {
            if let Some(end) = self.buffer.windows(2).position(|pair| pair == b"\n\n") {
                let event = self.buffer.drain(..end + 2).collect::<Vec<_>>();
                let event = String::from_utf8(event)?;
                if let Some(data) = event.lines().find_map(|line| line.strip_prefix("data: ")) {
                    return Ok(serde_json::from_str(data)?);
                }
                continue;
            }
            let piece = self.response.next().await.ok_or("the stream ended")??;
            self.buffer.extend_from_slice(&piece);
        }
    }
}

fn unique() -> u128 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    // Version 7, variant 1, and a counter: unique within this run.
    (0x0190_0000_0000_7000_8000_u128 << 48) | u128::from(NEXT.fetch_add(1, Ordering::Relaxed))
}
