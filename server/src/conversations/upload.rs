use cavuer_protocol::{
    Attachment, AttachmentId, ConversationId, FieldProblem, UserId, WorkspaceId,
};

use super::{Refused, to_the_end};
use crate::app::App;
use crate::attachments::{self, Takes, Upload};
use crate::guard::visitor_session::VisitorSession;
use crate::hex;
use crate::store::{ChannelRecord, Uploader, VisitorKind};

/// Stores what a visitor uploads, to be sent with a message. It is on disk when this returns. The
/// session and the channel have been checked by the caller, except for mandatory identification.
pub async fn visitor_uploads(
    app: &App,
    channel: &ChannelRecord,
    session: VisitorSession,
    upload: Upload,
) -> Result<Attachment, Refused> {
    if channel.require_identification && session.kind == VisitorKind::Guest {
        return Err(Refused::IdentificationRequired);
    }
    let (app, takes) = (app.clone(), channel.takes());
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
