use cavuer_protocol::ConversationEvent;
use cavuer_protocol::console::ConsoleEvent;

use super::{Refused, to_the_end};
use crate::Engine;
use crate::news::announce_summary;
use crate::shown;
use cavuer_store::{ConversationPlace, NewMessageOwner, VisitorIdentity};

/// Moves a guest's conversation to the user whom the guest turned out to be. The caller has
/// checked the guest's key and the user's hash. Without a guest conversation nothing happens.
pub async fn bring_guest_along(
    engine: &Engine,
    guest: VisitorIdentity,
    user: NewMessageOwner,
) -> Result<(), Refused> {
    let engine = engine.clone();
    to_the_end(async move {
        let now = engine.clock.now();
        let Some((gone, place)) = engine.store.merge_guest(guest.clone(), user, now).await? else {
            return Ok(());
        };
        // An answer in the making goes to the user; the guest's tabs must not wait for it.
        if let Some(draft) = engine.live.draft(&guest) {
            let ended = ConversationEvent::AnswerEnded { message_id: draft.message_id };
            engine.live.publish(
                &ConversationPlace { visitor: guest, ..place.clone() },
                &ended,
                now,
            );
        }
        // Other tabs of the user, and consoles that show the conversation, take the merged state.
        let draft = engine.live.draft(&place.visitor);
        if let Some(merged) = engine.store.conversation_of(place.visitor.clone()).await? {
            let conversation = shown::conversation(merged, draft.clone());
            let snapshot = ConversationEvent::Snapshot { conversation };
            engine.live.publish_to_visitor(&place.visitor, &snapshot, now);
        }
        let detail = engine.store.conversation_detail(place.workspace, place.conversation).await?;
        if let Some(detail) = detail {
            let conversation = shown::conversation(detail.conversation, draft);
            let event = ConsoleEvent::InConversation {
                conversation: place.conversation,
                event: ConversationEvent::Snapshot { conversation },
            };
            engine.live.publish_to_consoles(place.workspace, &event, now);
        }
        if gone != place.conversation {
            let removed = ConsoleEvent::ConversationRemoved { conversation: gone };
            engine.live.publish_to_consoles(place.workspace, &removed, now);
        }
        announce_summary(&engine, &place).await;
        engine.turns_changed.notify_one();
        Ok(())
    })
    .await
}
