use cavuer_protocol::ConversationEvent;
use cavuer_protocol::console::ConsoleEvent;

use super::{Refused, announce_summary, to_the_end};
use crate::app::App;
use crate::store::{ConversationPlace, NewMessageOwner, VisitorIdentity};

/// Moves a guest's conversation to the user whom the guest turned out to be. The caller has
/// checked the guest's key and the user's hash. Without a guest conversation nothing happens.
pub async fn bring_guest_along(
    app: &App,
    guest: VisitorIdentity,
    user: NewMessageOwner,
) -> Result<(), Refused> {
    let app = app.clone();
    to_the_end(async move {
        let now = app.clock.now();
        let Some((gone, place)) = app.store.merge_guest(guest.clone(), user, now).await? else {
            return Ok(());
        };
        // An answer in the making goes to the user; the guest's tabs must not wait for it.
        if let Some(draft) = app.hub.draft(&guest) {
            let ended = ConversationEvent::AnswerEnded { message_id: draft.message_id };
            app.hub.publish(&ConversationPlace { visitor: guest, ..place.clone() }, &ended, now);
        }
        // Other tabs of the user, and consoles that show the conversation, take the merged state.
        let draft = app.hub.draft(&place.visitor);
        if let Some(mut conversation) = app.store.conversation_of(place.visitor.clone()).await? {
            conversation.draft.clone_from(&draft);
            let snapshot = ConversationEvent::Snapshot { conversation };
            app.hub.publish_to_visitor(&place.visitor, &snapshot, now);
        }
        let detail = app.store.conversation_detail(place.workspace, place.conversation).await?;
        if let Some(mut conversation) = detail.map(|detail| detail.conversation) {
            conversation.draft = draft;
            let event = ConsoleEvent::InConversation {
                conversation: place.conversation,
                event: ConversationEvent::Snapshot { conversation },
            };
            app.hub.publish_to_consoles(place.workspace, &event, now);
        }
        if gone != place.conversation {
            let removed = ConsoleEvent::ConversationRemoved { conversation: gone };
            app.hub.publish_to_consoles(place.workspace, &removed, now);
        }
        announce_summary(&app, &place).await;
        app.turns_changed.notify_one();
        Ok(())
    })
    .await
}
