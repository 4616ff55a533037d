use std::sync::Arc;

use cavuer_protocol::ConversationEvent;
use cavuer_protocol::console::ConsoleEvent;

use super::{ConversationRefused, Conversations, to_the_end};
use crate::news::announce_summary;
use crate::shown;
use cavuer_store::{ConversationPlace, NewMessageOwner, VisitorIdentity};

/// Moves a guest's conversation to the user whom the guest turned out to be. The caller has
/// checked the guest's key and the user's hash. Without a guest conversation nothing happens.
pub async fn bring_guest_along(
    conversations: &Arc<Conversations>,
    guest: VisitorIdentity,
    user: NewMessageOwner,
) -> Result<(), ConversationRefused> {
    let conversations = Arc::clone(conversations);
    to_the_end(async move {
        let now = conversations.clock.now();
        let Some((gone, place)) = conversations.store.merge_guest(guest.clone(), user, now).await?
        else {
            return Ok(());
        };
        // An answer in the making goes to the user; the guest's tabs must not wait for it.
        if let Some(draft) = conversations.live.draft(&guest) {
            let ended = ConversationEvent::AnswerEnded { message_id: draft.message_id };
            conversations.live.publish(
                &ConversationPlace { visitor: guest, ..place.clone() },
                &ended,
                now,
            );
        }
        // Other tabs of the user, and consoles that show the conversation, take the merged state.
        let draft = conversations.live.draft(&place.visitor);
        if let Some(merged) = conversations.store.conversation_of(place.visitor.clone()).await? {
            let conversation = shown::conversation(merged, draft.clone());
            let snapshot = ConversationEvent::Snapshot { conversation };
            conversations.live.publish_to_visitor(&place.visitor, &snapshot, now);
        }
        let detail =
            conversations.store.conversation_detail(place.workspace, place.conversation).await?;
        if let Some(detail) = detail {
            let conversation = shown::conversation(detail.conversation, draft);
            let event = ConsoleEvent::InConversation {
                conversation: place.conversation,
                event: ConversationEvent::Snapshot { conversation },
            };
            conversations.live.publish_to_consoles(place.workspace, &event, now);
        }
        if gone != place.conversation {
            let removed = ConsoleEvent::ConversationRemoved { conversation: gone };
            conversations.live.publish_to_consoles(place.workspace, &removed, now);
        }
        announce_summary(&conversations.news, &place).await;
        conversations.running.wake();
        Ok(())
    })
    .await
}
