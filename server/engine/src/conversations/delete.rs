use std::sync::Arc;

use cavuer_protocol::console::ConsoleEvent;
use cavuer_protocol::{ConversationId, WorkspaceId};

use super::{ConversationRefused, Conversations, to_the_end};
use cavuer_store::{ConversationPlace, StoreError};

/// Conversations that are deleted in one transaction; other writes wait for it.
const BATCH: u32 = 100;

/// Deletes a conversation with everything that hangs on it. Its visitor begins anew.
pub async fn delete(
    conversations: &Arc<Conversations>,
    workspace: WorkspaceId,
    conversation: ConversationId,
) -> Result<(), ConversationRefused> {
    let conversations = Arc::clone(conversations);
    to_the_end(async move {
        let place = conversations.store.delete_conversation(workspace, conversation).await?;
        withdraw(&conversations, &place.ok_or(ConversationRefused::NotFound)?);
        // The message is still in the log, until that is written over.
        Ok(conversations.store.settle().await?)
    })
    .await
}

/// Deletes the conversations that their agents keep no longer. Answers how many they were.
pub(crate) async fn delete_expired(conversations: &Conversations) -> Result<usize, StoreError> {
    let mut count = 0;
    loop {
        let gone = conversations
            .store
            .delete_expired_conversations(conversations.clock.now(), BATCH)
            .await?;
        for place in &gone {
            withdraw(conversations, place);
        }
        count += gone.len();
        if gone.len() < BATCH as usize {
            break;
        }
    }
    if count > 0 {
        conversations.store.settle().await?;
    }
    Ok(count)
}

/// Takes a conversation that is gone off every screen.
fn withdraw(conversations: &Conversations, place: &ConversationPlace) {
    conversations.running.cancel(place.conversation);
    conversations.live.forget(place);
    let removed = ConsoleEvent::ConversationRemoved { conversation: place.conversation };
    conversations.live.publish_to_consoles(place.workspace, &removed, conversations.clock.now());
}
