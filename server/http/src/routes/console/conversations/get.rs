use axum::Json;
use axum::extract::State;
use cavuer_protocol::ConversationId;
use cavuer_protocol::console::ConversationDetail;
use cavuer_protocol::notice;

use crate::App;
use crate::answers::{ApiError, ApiResult};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::shown;

/// One conversation: its line in the list, its newest messages, and the answer being written.
///
/// Members of the workspace may call.
#[utoipa::path(
    get, path = "/workspaces/{workspace}/conversations/{conversation}", tag = "conversations",
    params(("workspace" = String, Path), ("conversation" = String, Path)),
    responses((status = 200, body = ConversationDetail), refusals::ForMembers),
)]
pub(crate) async fn get_conversation(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(conversation): Id<ConversationId>,
) -> ApiResult<Json<ConversationDetail>> {
    let unknown = || ApiError::NotFound(notice::no_such_conversation());
    let place = app.engine.store.conversation_place(workspace.id, conversation).await?;
    // The draft before the messages: one that is finished in between is then among them.
    let draft = app.engine.live.draft(&place.ok_or_else(unknown)?.visitor);
    let detail = app.engine.store.conversation_detail(workspace.id, conversation).await?;
    Ok(Json(shown::conversation_detail(detail.ok_or_else(unknown)?, draft)))
}
