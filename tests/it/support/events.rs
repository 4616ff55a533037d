use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use cavuer_base::clock::ManualClock;
use cavuer_protocol::{Author, Conversation, ConversationEvent, Message};
use futures::StreamExt;
use futures::stream::BoxStream;
use reqwest::RequestBuilder;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

use super::in_time;

/// No turn is put off longer than this.
const LONGEST_PAUSE: Duration = Duration::from_secs(80);

/// Server-sent events, as a client reads them.
pub(crate) struct EventStream<E> {
    pub headers: HeaderMap,
    bytes: BoxStream<'static, reqwest::Result<Bytes>>,
    unread: Vec<u8>,
    ready: VecDeque<(String, E)>,
    /// Every event that was taken, with its id.
    pub seen: Vec<(String, E)>,
}

impl<E: DeserializeOwned + Clone + std::fmt::Debug> EventStream<E> {
    /// Opens the stream and waits for its first bytes, which come at once.
    pub(crate) async fn open(request: RequestBuilder) -> Self {
        let response = in_time("a stream", request.send()).await.expect("the server answers");
        assert_eq!(response.status(), 200);
        let headers = response.headers().clone();
        assert_eq!(headers["content-type"], "text/event-stream");
        let bytes = response.bytes_stream().boxed();
        let mut stream =
            Self { headers, bytes, unread: Vec::new(), ready: VecDeque::new(), seen: Vec::new() };
        assert!(stream.read().await, "the stream ended before it began");
        stream
    }

    /// Waits until the first event is there, without taking it: the server has fixed by then
    /// which moment the stream begins with.
    pub(crate) async fn begun(mut self) -> Self {
        in_time("the first event", async {
            while self.ready.is_empty() {
                assert!(self.read().await, "the stream ended before its first event");
            }
        })
        .await;
        self
    }

    /// The next event; `None` if the stream ended.
    pub(crate) async fn next(&mut self) -> Option<E> {
        in_time("an event", async {
            while self.ready.is_empty() {
                if !self.read().await {
                    return None;
                }
            }
            let (id, event) = self.ready.pop_front()?;
            self.seen.push((id, event.clone()));
            Some(event)
        })
        .await
    }

    /// Reads on to the first event that is meant.
    pub(crate) async fn until(&mut self, is_meant: impl Fn(&E) -> bool) -> E {
        loop {
            let Some(event) = self.next().await else {
                panic!("the stream ended after {:#?}", self.seen);
            };
            if is_meant(&event) {
                return event;
            }
        }
    }

    /// Reads on to the end of the stream.
    pub(crate) async fn end(&mut self) {
        while self.next().await.is_some() {}
    }

    /// What a client that was cut off here would send as `Last-Event-ID`.
    pub(crate) fn last_id(&self) -> String {
        self.seen.last().map(|(id, _)| id.clone()).expect("there was an event")
    }

    /// Whether there was something to read.
    async fn read(&mut self) -> bool {
        let chunk = match in_time("a sign of life", self.bytes.next()).await {
            Some(Ok(chunk)) => chunk,
            // A server that was killed does not end its streams in order.
            Some(Err(_)) | None => return false,
        };
        self.unread.extend_from_slice(&chunk);
        while let Some(end) = self.unread.windows(2).position(|pair| pair == b"\n\n") {
            let block = self.unread.drain(..end + 2).collect::<Vec<_>>();
            let block = String::from_utf8(block).expect("events are UTF-8");
            self.ready.extend(event(&block));
        }
        true
    }
}

impl EventStream<ConversationEvent> {
    /// The conversation as a client of this stream has it.
    pub(crate) fn conversation(&self) -> Conversation {
        let mut conversation = Conversation::default();
        for (_, event) in &self.seen {
            conversation.apply(event.clone());
        }
        conversation
    }

    /// Reads on to the next message that the visitor did not write.
    pub(crate) async fn reply(&mut self) -> Message {
        match self.until(|event| is_reply(event).is_some()).await {
            ConversationEvent::MessageAdded { message } => message,
            other => unreachable!("{other:?}"),
        }
    }

    /// The same, while the server's time passes: as much each time as a turn is put off at most
    /// when the answer is begun or begun anew.
    pub(crate) async fn reply_in_time(&mut self, clock: &ManualClock) -> Message {
        loop {
            let is_news = |event: &ConversationEvent| {
                is_reply(event).is_some()
                    || matches!(event, ConversationEvent::AnswerStarted { .. })
            };
            match self.until(is_news).await {
                ConversationEvent::MessageAdded { message } => return message,
                _ => clock.advance(LONGEST_PAUSE),
            }
        }
    }

    /// Reads on until the growing answer has some text.
    pub(crate) async fn first_words(&mut self) {
        self.until(|event| matches!(event, ConversationEvent::AnswerDelta { .. })).await;
    }
}

/// The message of somebody else than the visitor, if the event brings one.
pub(crate) fn is_reply(event: &ConversationEvent) -> Option<&Message> {
    match event {
        ConversationEvent::MessageAdded { message } if message.author != Author::Visitor => {
            Some(message)
        }
        _ => None,
    }
}

/// Reads one block; comments are none.
fn event<E: DeserializeOwned>(block: &str) -> Option<(String, E)> {
    let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name));
    let data = field("data: ")?;
    let event =
        serde_json::from_str(data).unwrap_or_else(|error| panic!("{error} in the event {data}"));
    Some((field("id: ").expect("events have ids").to_owned(), event))
}
