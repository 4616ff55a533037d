use cavuer_protocol::widget::PostMessage;
use cavuer_protocol::{ConversationEvent, ConversationId, Message, MessageId, TurnId};

use super::{Refused, accept, announce_summary, publish_posted, to_the_end};
use crate::agent::InWork;
use crate::app::App;
use crate::guard::visitor_session::VisitorSession;
use crate::hex;
use crate::store::{ChannelRecord, NewMessage, TurnPlan, VisitorKind};

/// Stores what a visitor wrote, plans the answer, and tells everybody.
///
/// The message is on disk when this returns. A repeat of the same id returns the message stored
/// first and changes nothing. The session and the channel have been checked by the caller, except
/// for mandatory identification, which is enforced here, where messages come into being.
pub async fn visitor_says(
    app: &App,
    channel: &ChannelRecord,
    session: VisitorSession,
    post: PostMessage,
) -> Result<Message, Refused> {
    if channel.require_identification && session.kind == VisitorKind::Guest {
        return Err(Refused::IdentificationRequired);
    }
    let text = accept(&post)?;
    let now = app.clock.now();
    let turn = turn_plan(app, session.language.clone());
    let in_work = InWork::if_room(app, turn.id);
    let new = NewMessage {
        workspace: channel.workspace,
        visitor: session.visitor(),
        key_hash: session.key_hash.as_deref().and_then(hex::decode),
        name: session.name,
        email: session.email,
        conversation: app.random.id(now, ConversationId::from_parts),
        id: post.id,
        text,
        attachments: post.attachments,
        now,
        turn,
        claim: in_work.is_some(),
    };
    let app = app.clone();
    to_the_end(async move {
        let (posted, claimed) = app.store.post_visitor_message(new).await??;
        if let Some(old) = &posted.superseded {
            app.agent_turns.cancel_turn(old.turn);
        }
        publish_posted(&app, &posted);
        if let Some(old) = posted.superseded.as_ref().filter(|_| claimed.is_none()) {
            // What was streamed goes now; a turn that is claimed already puts its own start there.
            let ended = ConversationEvent::AnswerEnded { message_id: old.answer };
            app.hub.publish(&posted.place, &ended, now);
        }
        match (in_work, claimed) {
            (Some(in_work), Some(turn)) => in_work.answer(turn),
            _ => app.turns_changed.notify_one(),
        }
        if posted.is_new {
            app.metrics.visitor_messages.inc();
            announce_summary(&app, &posted.place).await;
        }
        Ok(posted.message)
    })
    .await
}

/// Fresh ids for a turn, in case one is needed.
pub(super) fn turn_plan(app: &App, language: String) -> TurnPlan {
    let now = app.clock.now();
    TurnPlan {
        id: app.random.id(now, TurnId::from_parts),
        answer: app.random.id(now, MessageId::from_parts),
        language,
    }
}
