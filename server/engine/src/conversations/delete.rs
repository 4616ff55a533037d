use cavuer_protocol::console::ConsoleEvent;
use cavuer_protocol::{ConversationId, WorkspaceId};

use super::{Refused, to_the_end};
use crate::Engine;
use cavuer_store::{ConversationPlace, StoreError};

/// Conversations that are deleted in one transaction; other writes wait for it.
const BATCH: u32 = 100;

/// Deletes a conversation with everything that hangs on it. Its visitor begins anew.
pub async fn delete(
    engine: &Engine,
    workspace: WorkspaceId,
    conversation: ConversationId,
) -> Result<(), Refused> {
    let engine = engine.clone();
    to_the_end(async move {
        let place = engine.store.delete_conversation(workspace, conversation).await?;
        withdraw(&engine, &place.ok_or(Refused::NotFound)?);
        // The message is still in the log, until that is written over.
        Ok(engine.store.settle().await?)
    })
    .await
}

/// Deletes the conversations that their agents keep no longer. Answers how many they were.
pub async fn delete_expired(engine: &Engine) -> Result<usize, StoreError> {
    let mut count = 0;
    loop {
        let gone = engine.store.delete_expired_conversations(engine.clock.now(), BATCH).await?;
        for place in &gone {
            withdraw(engine, place);
        }
        count += gone.len();
        if gone.len() < BATCH as usize {
            break;
        }
    }
    if count > 0 {
        engine.store.settle().await?;
    }
    Ok(count)
}

/// Takes a conversation that is gone off every screen.
fn withdraw(engine: &Engine, place: &ConversationPlace) {
    engine.running.cancel(place.conversation);
    engine.live.forget(place);
    let removed = ConsoleEvent::ConversationRemoved { conversation: place.conversation };
    engine.live.publish_to_consoles(place.workspace, &removed, engine.clock.now());
}
