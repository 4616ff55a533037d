//! Telling visitors and consoles what has become of a conversation, once it is stored.

use cavuer_base::citations::Citations;
use cavuer_protocol::ConversationEvent;
use cavuer_protocol::console::ConsoleEvent;
use cavuer_store::ConversationPlace;

use crate::{Engine, shown};

/// Tells everybody who looks at the conversation, and the consoles' lists.
pub async fn announce(engine: &Engine, place: &ConversationPlace, event: ConversationEvent) {
    announce_citing(engine, place, event, Citations::Hidden).await;
}

/// The same, and the visitor may be told what messages are from.
pub async fn announce_citing(
    engine: &Engine,
    place: &ConversationPlace,
    event: ConversationEvent,
    citations: Citations,
) {
    engine.live.publish_citing(place, &event, citations, engine.clock.now());
    announce_summary(engine, place).await;
}

/// Brings the conversation's line in the consoles' lists up to date, after something was stored in
/// it.
pub async fn announce_summary(engine: &Engine, place: &ConversationPlace) {
    // It may have been a message that is to be brought elsewhere, too.
    engine.outbox_changed.notify_one();
    if !engine.live.has_consoles(place.workspace) {
        return;
    }
    match engine.store.conversation_summary(place.workspace, place.conversation).await {
        Ok(Some(line)) => {
            let summary = shown::conversation_summary(line);
            let event = ConsoleEvent::ConversationListed { summary };
            engine.live.publish_to_consoles(place.workspace, &event, engine.clock.now());
        }
        Ok(None) => {}
        Err(error) => tracing::warn!(%error, "consoles will see the change after a reload"),
    }
}
