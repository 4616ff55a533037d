use std::sync::Arc;

use cavuer_protocol::{ConversationEvent, ConversationId, Message, MessageId, TurnId};
use cavuer_store::{NewMessage, TurnPlan};

use super::incoming::Incoming;
use super::{ConversationRefused, Conversations, accept, publish_posted, to_the_end};
use crate::news::announce_summary;
use crate::turns::InWork;

/// Stores what a visitor wrote, plans the answer, and tells everybody.
///
/// The message is on disk when this returns. A repeat of the same id returns the message stored
/// first and changes nothing.
pub async fn visitor_says(
    conversations: &Arc<Conversations>,
    incoming: Incoming,
) -> Result<Message, ConversationRefused> {
    let Incoming { channel, sender, id, text, attachments, language } = incoming;
    sender.may_write_to(&channel)?;
    let text = accept(&text, &attachments)?;
    let now = conversations.clock.now();
    let turn = turn_plan(conversations, language);
    let in_work = InWork::if_room(&conversations.turns, turn.id);
    let new = NewMessage {
        workspace: channel.workspace,
        visitor: sender.visitor,
        key_hash: sender.key_hash,
        name: sender.name,
        email: sender.email,
        conversation: conversations.random.id(now, ConversationId::from_parts),
        id,
        text,
        attachments,
        now,
        turn,
        claim: in_work.is_some(),
    };
    let conversations = Arc::clone(conversations);
    to_the_end(async move {
        let (posted, claimed) = conversations.store.post_visitor_message(new).await??;
        if let Some(old) = &posted.superseded {
            conversations.running.cancel_turn(old.turn);
        }
        publish_posted(&conversations, &posted);
        if let Some(old) = posted.superseded.as_ref().filter(|_| claimed.is_none()) {
            // What was streamed goes now; a turn that is claimed already puts its own start there.
            let ended = ConversationEvent::AnswerEnded { message_id: old.answer };
            conversations.live.publish(&posted.place, &ended, now);
        }
        match (in_work, claimed) {
            (Some(in_work), Some(turn)) => in_work.answer(turn),
            _ => conversations.running.wake(),
        }
        if posted.is_new {
            conversations.metrics.visitor_messages.inc();
            announce_summary(&conversations.news, &posted.place).await;
        }
        Ok(posted.message)
    })
    .await
}

/// Fresh ids for a turn, in case one is needed.
pub(super) fn turn_plan(conversations: &Conversations, language: String) -> TurnPlan {
    let now = conversations.clock.now();
    TurnPlan {
        id: conversations.random.id(now, TurnId::from_parts),
        answer: conversations.random.id(now, MessageId::from_parts),
        language,
    }
}
