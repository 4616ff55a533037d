use cavuer_protocol::console::AttachmentPolicy;
use cavuer_protocol::{
    Attachment, AttachmentId, ConversationId, FieldProblem, UserId, WorkspaceId,
};

use super::{Refused, to_the_end};
use crate::app::App;
use crate::attachments::{self, Takes, Upload};
use crate::guard::visitor_session::VisitorSession;
use crate::hex;
use crate::providers;
use crate::store::{ChannelRecord, StoreError, Uploader, VisitorKind};

/// What a channel's visitors can send besides text. Where that follows the agent, voice messages
/// need a model that hears them, too.
pub async fn visitors_send(app: &App, channel: &ChannelRecord) -> Result<Takes, StoreError> {
    let takes = channel.takes();
    if channel.attachments != AttachmentPolicy::Auto || !takes.voice {
        return Ok(takes);
    }
    let agent = app.store.agent(channel.workspace, channel.agent).await?;
    let model = match agent {
        Some(agent) => providers::speech_model(app, channel.workspace, &agent.settings).await?,
        None => None,
    };
    Ok(Takes { voice: matches!(model, Some(Ok(_))), ..takes })
}

/// Stores what a visitor uploads, to be sent with a message. It is on disk when this returns. The
/// session and the channel have been checked by the caller, except for mandatory identification.
pub async fn visitor_uploads(
    app: &App,
    channel: &ChannelRecord,
    takes: Takes,
    session: VisitorSession,
    upload: Upload,
) -> Result<Attachment, Refused> {
    if channel.require_identification && session.kind == VisitorKind::Guest {
        return Err(Refused::IdentificationRequired);
    }
    let app = app.clone();
    to_the_end(async move {
        let first = app.store.visitor_upload(session.visitor(), upload.id).await?;
        if let Some(first) = first {
            return Ok(first);
        }
        let new = attachments::accept(upload, takes, app.clock.now()).await?;
        let uploader = Uploader {
            visitor: session.visitor(),
            key_hash: session.key_hash.as_deref().and_then(hex::decode),
            name: session.name,
            email: session.email,
        };
        Ok(app.store.add_visitor_attachment(uploader, new).await?)
    })
    .await
}

/// Stores what an operator uploads for one conversation.
pub async fn operator_uploads(
    app: &App,
    workspace: WorkspaceId,
    conversation: ConversationId,
    operator: UserId,
    upload: Upload,
) -> Result<Attachment, Refused> {
    let app = app.clone();
    to_the_end(async move {
        // Before the work of looking at it.
        let place = app.store.conversation_place(workspace, conversation).await?;
        place.ok_or(Refused::NotFound)?;
        let id = upload.id;
        let takes = Takes { files: true, voice: true };
        let new = attachments::accept(upload, takes, app.clock.now()).await?;
        let stored = app.store.add_operator_attachment(workspace, conversation, operator, new);
        stored.await?.ok_or_else(|| taken(id))
    })
    .await
}

fn taken(id: AttachmentId) -> Refused {
    let message = format!("Another file of this conversation has the id {id}. Choose another.");
    Refused::Invalid(FieldProblem { field: "id".to_owned(), message })
}
