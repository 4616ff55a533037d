use std::sync::Arc;

use cavuer_protocol::widget::PostMessage;
use cavuer_protocol::{ConversationEvent, ConversationId, Handling, Message, WorkspaceId};

use super::visitor::turn_plan;
use super::{ConversationRefused, Conversations, accept, publish_posted, to_the_end};
use crate::news::{announce, announce_summary};
use cavuer_store::{ConversationPlace, Operator};

/// Stores what an operator wrote. The operator takes the conversation over with it.
pub async fn operator_says(
    conversations: &Arc<Conversations>,
    workspace: WorkspaceId,
    conversation: ConversationId,
    operator: Operator,
    post: PostMessage,
) -> Result<Message, ConversationRefused> {
    let text = accept(&post.text, &post.attachments)?;
    let conversations = Arc::clone(conversations);
    to_the_end(async move {
        let now = conversations.clock.now();
        let posted = conversations
            .store
            .post_operator_message(
                workspace,
                conversation,
                post.id,
                operator.clone(),
                text,
                post.attachments,
                now,
            )
            .await?
            .ok_or(ConversationRefused::NotFound)??;
        if posted.is_new {
            silence(&conversations, &posted.place, operator.name).await;
        }
        publish_posted(&conversations, &posted);
        announce_summary(&conversations.news, &posted.place).await;
        Ok(posted.message)
    })
    .await
}

/// Makes a person responsible; the agent is silent until [`hand_back`].
pub async fn take_over(
    conversations: &Arc<Conversations>,
    workspace: WorkspaceId,
    conversation: ConversationId,
    operator: &str,
) -> Result<(), ConversationRefused> {
    let (conversations, operator) = (Arc::clone(conversations), operator.to_owned());
    to_the_end(async move {
        let now = conversations.clock.now();
        let place = conversations
            .store
            .take_over(workspace, conversation, operator.clone(), now)
            .await?
            .ok_or(ConversationRefused::NotFound)?;
        silence(&conversations, &place, operator).await;
        Ok(())
    })
    .await
}

/// Makes the agent responsible again. It answers what the visitor asked meanwhile.
pub async fn hand_back(
    conversations: &Arc<Conversations>,
    workspace: WorkspaceId,
    conversation: ConversationId,
) -> Result<(), ConversationRefused> {
    let conversations = Arc::clone(conversations);
    to_the_end(async move {
        let plan = turn_plan(&conversations, String::new());
        let place = conversations
            .store
            .hand_back(workspace, conversation, plan, conversations.clock.now())
            .await?
            .ok_or(ConversationRefused::NotFound)?;
        conversations.running.wake();
        announce(
            &conversations.news,
            &place,
            ConversationEvent::HandlingChanged { handling: Handling::Agent },
        )
        .await;
        Ok(())
    })
    .await
}

/// Tells that a person answers now, and takes a half-written answer of the agent off the screens.
async fn silence(conversations: &Conversations, place: &ConversationPlace, operator: String) {
    conversations.running.cancel(place.conversation);
    if let Some(draft) = conversations.live.draft(&place.visitor) {
        let ended = ConversationEvent::AnswerEnded { message_id: draft.message_id };
        conversations.live.publish(place, &ended, conversations.clock.now());
    }
    let handling = Handling::Operator { name: operator };
    announce(&conversations.news, place, ConversationEvent::HandlingChanged { handling }).await;
}
