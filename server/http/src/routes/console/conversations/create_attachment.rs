use axum::Json;
use axum::body::Body;
use axum::extract::State;
use cavuer_protocol::{Attachment, ConversationId};

use crate::App;
use crate::answers::ApiResult;
use crate::extract::{Id, QueryParameters};
use crate::guard::console_session::Member;
use crate::routes::attachment::{Bytes, UploadQuery, read};
use crate::routes::console::refusals;
use cavuer_engine::conversations::operator_uploads;

/// Stores a file of an operator until a message in this conversation carries it. What it is
/// decides its content, not its name; images are written anew. A repeat of the same id gets the
/// attachment stored first.
///
/// Members of the workspace may call.
#[utoipa::path(
    post, path = "/workspaces/{workspace}/conversations/{conversation}/attachments",
    tag = "conversations",
    request_body(content = Bytes, content_type = "application/octet-stream"),
    params(("workspace" = String, Path), ("conversation" = String, Path), UploadQuery),
    responses((status = 200, body = Attachment), refusals::ForMembers, refusals::OfContent),
)]
pub(crate) async fn create_operator_attachment(
    State(app): State<App>,
    Member { user, workspace, .. }: Member,
    Id(conversation): Id<ConversationId>,
    QueryParameters(query): QueryParameters<UploadQuery>,
    body: Body,
) -> ApiResult<Json<Attachment>> {
    let upload = read(query, body).await?;
    Ok(Json(
        operator_uploads(&app.engine.conversations, workspace.id, conversation, user.id, upload)
            .await?,
    ))
}
