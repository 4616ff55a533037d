use cavuer_protocol::console::ConsoleEvent;
use cavuer_protocol::{ConversationId, WorkspaceId};

use super::{Refused, to_the_end};
use crate::app::App;
use crate::store::{ConversationPlace, StoreError};

/// Conversations that are deleted in one transaction; other writes wait for it.
const BATCH: u32 = 100;

/// Deletes a conversation with everything that hangs on it. Its visitor begins anew.
pub async fn delete(
    app: &App,
    workspace: WorkspaceId,
    conversation: ConversationId,
) -> Result<(), Refused> {
    let app = app.clone();
    to_the_end(async move {
        let place = app.store.delete_conversation(workspace, conversation).await?;
        withdraw(&app, &place.ok_or(Refused::NotFound)?);
        // The message is still in the log, until that is written over.
        Ok(app.store.settle().await?)
    })
    .await
}

/// Deletes the conversations that their agents keep no longer. Answers how many they were.
pub async fn delete_expired(app: &App) -> Result<usize, StoreError> {
    let mut count = 0;
    loop {
        let gone = app.store.delete_expired_conversations(app.clock.now(), BATCH).await?;
        for place in &gone {
            withdraw(app, place);
        }
        count += gone.len();
        if gone.len() < BATCH as usize {
            break;
        }
    }
    if count > 0 {
        app.store.settle().await?;
    }
    Ok(count)
}

/// Takes a conversation that is gone off every screen.
fn withdraw(app: &App, place: &ConversationPlace) {
    app.agent_turns.cancel(place.conversation);
    app.hub.forget(place);
    let removed = ConsoleEvent::ConversationRemoved { conversation: place.conversation };
    app.hub.publish_to_consoles(place.workspace, &removed, app.clock.now());
}
