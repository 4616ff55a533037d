use axum::extract::State;
use axum::response::Response;
use cavuer_protocol::notice;
use cavuer_protocol::{AttachmentId, Problem};

use crate::App;
use crate::answers::{ApiError, ApiResult};
use crate::extract::Id;
use crate::guard::visitor_access::{PageVisitor, count_call};
use crate::routes::attachment::{Bytes, file};

/// The bytes of an attachment, to be saved and not to be shown as a page.
///
/// Who may call: a visitor with a session; it finds that visitor's uploads and what came with the
/// messages of the visitor's conversation.
#[utoipa::path(
    get,
    path = "/api/widget/v1/attachments/{attachment}",
    tag = "widget",
    security(("visitor" = [])),
    params(("attachment" = String, Path)),
    responses(
        (status = 200, content_type = "application/octet-stream", body = Bytes),
        (status = 401, body = Problem, description = "`session_invalid`"),
        (status = 403, body = Problem, description = "`widget_unavailable`"),
        (status = 404, body = Problem, description = "`not_found`: or it is somebody else's"),
        (status = 429, body = Problem, description = "`rate_limited`"),
    )
)]
pub(super) async fn get_attachment(
    State(app): State<App>,
    visitor: PageVisitor,
    Id(id): Id<AttachmentId>,
) -> ApiResult<Response> {
    count_call(&app, visitor.address)?;
    let found = app.engine.store.visitor_attachment(visitor.session.visitor(), id).await?;
    Ok(file(found.ok_or(ApiError::NotFound(notice::no_such_attachment()))?))
}
