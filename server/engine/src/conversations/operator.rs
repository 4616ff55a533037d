use cavuer_protocol::widget::PostMessage;
use cavuer_protocol::{ConversationEvent, ConversationId, Handling, Message, WorkspaceId};

use super::visitor::turn_plan;
use super::{Refused, accept, publish_posted, to_the_end};
use crate::Engine;
use crate::news::{announce, announce_summary};
use cavuer_store::{ConversationPlace, Operator};

/// Stores what an operator wrote. The operator takes the conversation over with it.
pub async fn operator_says(
    engine: &Engine,
    workspace: WorkspaceId,
    conversation: ConversationId,
    operator: Operator,
    post: PostMessage,
) -> Result<Message, Refused> {
    let text = accept(&post.text, &post.attachments)?;
    let engine = engine.clone();
    to_the_end(async move {
        let now = engine.clock.now();
        let posted = engine
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
            .ok_or(Refused::NotFound)??;
        if posted.is_new {
            silence(&engine, &posted.place, operator.name).await;
        }
        publish_posted(&engine, &posted);
        announce_summary(&engine.news, &posted.place).await;
        Ok(posted.message)
    })
    .await
}

/// Makes a person responsible; the agent is silent until [`hand_back`].
pub async fn take_over(
    engine: &Engine,
    workspace: WorkspaceId,
    conversation: ConversationId,
    operator: &str,
) -> Result<(), Refused> {
    let (engine, operator) = (engine.clone(), operator.to_owned());
    to_the_end(async move {
        let now = engine.clock.now();
        let place = engine
            .store
            .take_over(workspace, conversation, operator.clone(), now)
            .await?
            .ok_or(Refused::NotFound)?;
        silence(&engine, &place, operator).await;
        Ok(())
    })
    .await
}

/// Makes the agent responsible again. It answers what the visitor asked meanwhile.
pub async fn hand_back(
    engine: &Engine,
    workspace: WorkspaceId,
    conversation: ConversationId,
) -> Result<(), Refused> {
    let engine = engine.clone();
    to_the_end(async move {
        let plan = turn_plan(&engine, String::new());
        let place = engine
            .store
            .hand_back(workspace, conversation, plan, engine.clock.now())
            .await?
            .ok_or(Refused::NotFound)?;
        engine.running.wake();
        announce(
            &engine.news,
            &place,
            ConversationEvent::HandlingChanged { handling: Handling::Agent },
        )
        .await;
        Ok(())
    })
    .await
}

/// Tells that a person answers now, and takes a half-written answer of the agent off the screens.
async fn silence(engine: &Engine, place: &ConversationPlace, operator: String) {
    engine.running.cancel(place.conversation);
    if let Some(draft) = engine.live.draft(&place.visitor) {
        let ended = ConversationEvent::AnswerEnded { message_id: draft.message_id };
        engine.live.publish(place, &ended, engine.clock.now());
    }
    let handling = Handling::Operator { name: operator };
    announce(&engine.news, place, ConversationEvent::HandlingChanged { handling }).await;
}
