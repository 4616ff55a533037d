use cavuer_protocol::widget::PostMessage;
use cavuer_protocol::{ConversationEvent, ConversationId, Handling, Message, WorkspaceId};

use super::visitor::turn_plan;
use super::{Refused, accept, announce, announce_summary, publish_posted, to_the_end};
use crate::app::App;
use crate::store::{ConversationPlace, Operator};

/// Stores what an operator wrote. The operator takes the conversation over with it.
pub async fn operator_says(
    app: &App,
    workspace: WorkspaceId,
    conversation: ConversationId,
    operator: Operator,
    post: PostMessage,
) -> Result<Message, Refused> {
    let text = accept(&post)?;
    let app = app.clone();
    to_the_end(async move {
        let now = app.clock.now();
        let posted = app
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
            silence(&app, &posted.place, operator.name).await;
        }
        publish_posted(&app, &posted);
        announce_summary(&app, &posted.place).await;
        Ok(posted.message)
    })
    .await
}

/// Makes a person responsible; the agent is silent until [`hand_back`].
pub async fn take_over(
    app: &App,
    workspace: WorkspaceId,
    conversation: ConversationId,
    operator: &str,
) -> Result<(), Refused> {
    let (app, operator) = (app.clone(), operator.to_owned());
    to_the_end(async move {
        let now = app.clock.now();
        let place = app
            .store
            .take_over(workspace, conversation, operator.clone(), now)
            .await?
            .ok_or(Refused::NotFound)?;
        silence(&app, &place, operator).await;
        Ok(())
    })
    .await
}

/// Makes the agent responsible again. It answers what the visitor asked meanwhile.
pub async fn hand_back(
    app: &App,
    workspace: WorkspaceId,
    conversation: ConversationId,
) -> Result<(), Refused> {
    let app = app.clone();
    to_the_end(async move {
        let plan = turn_plan(&app, String::new());
        let place = app
            .store
            .hand_back(workspace, conversation, plan, app.clock.now())
            .await?
            .ok_or(Refused::NotFound)?;
        app.turns_changed.notify_one();
        announce(&app, &place, ConversationEvent::HandlingChanged { handling: Handling::Agent })
            .await;
        Ok(())
    })
    .await
}

/// Tells that a person answers now, and takes a half-written answer of the agent off the screens.
async fn silence(app: &App, place: &ConversationPlace, operator: String) {
    app.agent_turns.cancel(place.conversation);
    if let Some(draft) = app.hub.draft(&place.visitor) {
        let ended = ConversationEvent::AnswerEnded { message_id: draft.message_id };
        app.hub.publish(place, &ended, app.clock.now());
    }
    let handling = Handling::Operator { name: operator };
    announce(app, place, ConversationEvent::HandlingChanged { handling }).await;
}
