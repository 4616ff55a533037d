//! Telling visitors and consoles what has become of a conversation, once it is stored.

use std::sync::Arc;

use cavuer_base::citations::Citations;
use cavuer_base::clock::SharedClock;
use cavuer_protocol::ConversationEvent;
use cavuer_protocol::console::ConsoleEvent;
use cavuer_store::{ConversationPlace, Store};
use tokio::sync::Notify;

use crate::basics::Basics;
use crate::live::Live;
use crate::shown;

/// Whom news are told by way of.
pub(crate) struct News {
    store: Store,
    clock: SharedClock,
    live: Live,
    /// Wakes the worker of the outbox: there may be a message to bring.
    outbox_changed: Arc<Notify>,
}

impl News {
    pub(crate) fn new(basics: &Basics, live: Live, outbox_changed: Arc<Notify>) -> Self {
        let Basics { store, clock, .. } = basics.clone();
        Self { store, clock, live, outbox_changed }
    }
}

/// Tells everybody who looks at the conversation, and the consoles' lists.
pub(crate) async fn announce(news: &News, place: &ConversationPlace, event: ConversationEvent) {
    announce_citing(news, place, event, Citations::Hidden).await;
}

/// The same, and the visitor may be told what messages are from.
pub(crate) async fn announce_citing(
    news: &News,
    place: &ConversationPlace,
    event: ConversationEvent,
    citations: Citations,
) {
    news.live.publish_citing(place, &event, citations, news.clock.now());
    announce_summary(news, place).await;
}

/// Brings the conversation's line in the consoles' lists up to date, after something was stored in
/// it.
pub(crate) async fn announce_summary(news: &News, place: &ConversationPlace) {
    // It may have been a message that is to be brought elsewhere, too.
    news.outbox_changed.notify_one();
    if !news.live.has_consoles(place.workspace) {
        return;
    }
    match news.store.conversation_summary(place.workspace, place.conversation).await {
        Ok(Some(line)) => {
            let summary = shown::conversation_summary(line);
            let event = ConsoleEvent::ConversationListed { summary };
            news.live.publish_to_consoles(place.workspace, &event, news.clock.now());
        }
        Ok(None) => {}
        Err(error) => tracing::warn!(%error, "consoles will see the change after a reload"),
    }
}
