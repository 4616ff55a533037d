use axum::extract::State;
use axum::response::Response;
use cavuer_protocol::notice;
use cavuer_protocol::{AttachmentId, ConversationId};

use crate::App;
use crate::answers::{ApiError, ApiResult};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::attachment::{Bytes, file};
use crate::routes::console::refusals;

/// The bytes of an attachment, to be saved and not to be shown as a page.
///
/// Members of the workspace may call.
#[utoipa::path(
    get,
    path = "/workspaces/{workspace}/conversations/{conversation}/attachments/{attachment}",
    tag = "conversations",
    params(
        ("workspace" = String, Path),
        ("conversation" = String, Path),
        ("attachment" = String, Path),
    ),
    responses(
        (status = 200, content_type = "application/octet-stream", body = Bytes),
        refusals::ForMembers,
    ),
)]
pub(crate) async fn get_conversation_attachment(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(conversation): Id<ConversationId>,
    Id(id): Id<AttachmentId>,
) -> ApiResult<Response> {
    let found = app.engine.store.conversation_attachment(workspace.id, conversation, id).await?;
    Ok(file(found.ok_or(ApiError::NotFound(notice::no_such_attachment()))?))
}
