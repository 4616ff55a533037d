use std::sync::Arc;

use cavuer_protocol::console::AttachmentPolicy;
use cavuer_protocol::{
    Attachment, AttachmentId, ConversationId, FieldProblem, UserId, WorkspaceId, notice,
};

use super::incoming::Sender;
use super::{ConversationRefused, Conversations, to_the_end};
use crate::attachments::{self, Upload};
use crate::providers;
use cavuer_store::{AttachmentKinds, ChannelRecord, StoreError, Uploader};

/// What a channel's visitors can send besides text. Where that follows the agent, voice messages
/// need a model that hears them, too.
pub async fn visitors_send(
    conversations: &Conversations,
    channel: &ChannelRecord,
) -> Result<AttachmentKinds, StoreError> {
    let takes = channel.takes();
    if channel.attachments != AttachmentPolicy::Auto || !takes.voice {
        return Ok(takes);
    }
    let agent = conversations.store.agent(channel.workspace, channel.agent).await?;
    let model = match agent {
        Some(agent) => {
            providers::speech_model(&conversations.providers, channel.workspace, &agent.settings)
                .await?
        }
        None => None,
    };
    Ok(AttachmentKinds { voice: matches!(model, Some(Ok(_))), ..takes })
}

/// Stores what a visitor uploads, to be sent with a message. It is on disk when this returns.
pub async fn visitor_uploads(
    conversations: &Arc<Conversations>,
    channel: &ChannelRecord,
    takes: AttachmentKinds,
    sender: Sender,
    upload: Upload,
) -> Result<Attachment, ConversationRefused> {
    sender.may_write_to(channel)?;
    let conversations = Arc::clone(conversations);
    to_the_end(async move {
        let first = conversations.store.visitor_upload(sender.visitor.clone(), upload.id).await?;
        if let Some(first) = first {
            return Ok(first);
        }
        let new = attachments::accept(upload, takes, conversations.clock.now()).await?;
        let Sender { visitor, key_hash, name, email } = sender;
        let uploader = Uploader { visitor, key_hash, name, email };
        Ok(conversations.store.add_visitor_attachment(uploader, new).await?)
    })
    .await
}

/// Stores what an operator uploads for one conversation.
pub async fn operator_uploads(
    conversations: &Arc<Conversations>,
    workspace: WorkspaceId,
    conversation: ConversationId,
    operator: UserId,
    upload: Upload,
) -> Result<Attachment, ConversationRefused> {
    let conversations = Arc::clone(conversations);
    to_the_end(async move {
        // Before the work of looking at it.
        let place = conversations.store.conversation_place(workspace, conversation).await?;
        place.ok_or(ConversationRefused::NotFound)?;
        let id = upload.id;
        let takes = AttachmentKinds { files: true, voice: true };
        let new = attachments::accept(upload, takes, conversations.clock.now()).await?;
        let stored =
            conversations.store.add_operator_attachment(workspace, conversation, operator, new);
        stored.await?.ok_or_else(|| taken(id))
    })
    .await
}

fn taken(id: AttachmentId) -> ConversationRefused {
    ConversationRefused::Invalid(FieldProblem::new(
        "id",
        notice::attachment_id_taken(id.to_string()),
    ))
}
