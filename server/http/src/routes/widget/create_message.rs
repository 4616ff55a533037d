use axum::Json;
use axum::extract::State;
use cavuer_protocol::widget::PostMessage;
use cavuer_protocol::{Message, Problem};

use crate::App;
use crate::answers::{ApiError, ApiResult, Body};
use crate::guard::visitor_access::PageVisitor;
use crate::limits::CountedAction;
use cavuer_engine::conversations::{Incoming, visitor_says};

/// Stores a message. It is on disk when the answer comes; a repeat of the same id gets the
/// message stored first.
///
/// Who may call: a visitor with a session. Guests are refused where identification is required.
#[utoipa::path(
    post,
    path = "/api/widget/v1/messages",
    tag = "widget",
    security(("visitor" = [])),
    request_body = PostMessage,
    responses(
        (status = 200, body = Message),
        (status = 401, body = Problem, description = "`session_invalid`"),
        (status = 403, body = Problem, description = "`widget_unavailable`, `identification_required`"),
        (status = 422, body = Problem, description = "`validation_failed`"),
        (status = 429, body = Problem, description = "`rate_limited`"),
        (status = 503, body = Problem, description = "`unavailable`: nothing was stored"),
    )
)]
pub(super) async fn create_message(
    State(app): State<App>,
    visitor: PageVisitor,
    Body(post): Body<PostMessage>,
) -> ApiResult<Json<Message>> {
    let PageVisitor { channel, session, address } = visitor;
    for counted in [
        CountedAction::VisitorMessage(channel.channel.id, &session.public_id),
        CountedAction::AddressMessage(address.0),
        CountedAction::ChannelMessage(channel.channel.id),
    ] {
        app.limits.count(counted).map_err(ApiError::RateLimited)?;
    }
    let incoming = Incoming {
        sender: session.sender(),
        language: session.language,
        channel: channel.channel,
        id: post.id,
        text: post.text,
        attachments: post.attachments,
    };
    Ok(Json(visitor_says(&app.engine.conversations, incoming).await?))
}
