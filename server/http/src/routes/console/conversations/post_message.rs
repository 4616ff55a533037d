use axum::Json;
use axum::extract::State;
use cavuer_protocol::widget::PostMessage;
use cavuer_protocol::{ConversationId, Message};

use crate::App;
use crate::answers::{ApiResult, Body};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::conversations;
use cavuer_store::Operator;

/// Writes to the visitor as an operator, which takes the conversation over. A repeat of the same
/// id answers with the message stored first.
///
/// Members of the workspace may call.
#[utoipa::path(
    post, path = "/workspaces/{workspace}/conversations/{conversation}/messages",
    tag = "conversations", request_body = PostMessage,
    params(("workspace" = String, Path), ("conversation" = String, Path)),
    responses((status = 200, body = Message), refusals::ForMembers, refusals::OfContent),
)]
pub(crate) async fn post_operator_message(
    State(app): State<App>,
    Member { user, workspace, .. }: Member,
    Id(conversation): Id<ConversationId>,
    Body(post): Body<PostMessage>,
) -> ApiResult<Json<Message>> {
    let operator = Operator { id: user.id, name: user.name };
    let message = conversations::operator_says(
        &app.engine.conversations,
        workspace.id,
        conversation,
        operator,
        post,
    )
    .await?;
    Ok(Json(message))
}
