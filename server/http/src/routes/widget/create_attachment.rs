use axum::Json;
use axum::body::Body;
use axum::extract::State;
use cavuer_protocol::notice;
use cavuer_protocol::{Attachment, Problem};

use crate::App;
use crate::answers::{ApiError, ApiResult};
use crate::extract::QueryParameters;
use crate::guard::visitor_access::PageVisitor;
use crate::limits::CountedAction;
use crate::routes::attachment::{Bytes, UploadQuery, read};
use cavuer_engine::conversations::{visitor_uploads, visitors_send};

/// Stores an image, a file or a voice message until a message carries it. What it is decides its
/// content, not its name; images are written anew. A repeat of the same id gets the attachment
/// stored first.
///
/// Who may call: a visitor with a session, where the channel takes attachments. Guests are refused
/// where identification is required.
#[utoipa::path(
    post,
    path = "/api/widget/v1/attachments",
    tag = "widget",
    security(("visitor" = [])),
    params(UploadQuery),
    request_body(content = Bytes, content_type = "application/octet-stream"),
    responses(
        (status = 200, body = Attachment),
        (status = 401, body = Problem, description = "`session_invalid`"),
        (status = 403, body = Problem, description = "`widget_unavailable`, `identification_required`, `forbidden`: the channel does not take it"),
        (status = 413, body = Problem, description = "`payload_too_large`"),
        (status = 415, body = Problem, description = "`unsupported_media_type`"),
        (status = 422, body = Problem, description = "`validation_failed`"),
        (status = 429, body = Problem, description = "`rate_limited`"),
        (status = 503, body = Problem, description = "`unavailable`: nothing was stored"),
    )
)]
pub(super) async fn create_attachment(
    State(app): State<App>,
    visitor: PageVisitor,
    QueryParameters(query): QueryParameters<UploadQuery>,
    body: Body,
) -> ApiResult<Json<Attachment>> {
    let PageVisitor { channel, session, address } = visitor;
    for counted in [
        CountedAction::VisitorUpload(channel.channel.id, &session.public_id),
        CountedAction::AddressUpload(address.0),
        CountedAction::ChannelUpload(channel.channel.id),
    ] {
        app.limits.count(counted).map_err(ApiError::RateLimited)?;
    }
    let takes = visitors_send(&app.engine.conversations, &channel.channel).await?;
    if !takes.files && !takes.voice {
        return Err(ApiError::Forbidden(notice::no_files_here()));
    }
    let upload = read(query, body).await?;
    Ok(Json(
        visitor_uploads(
            &app.engine.conversations,
            &channel.channel,
            takes,
            session.sender(),
            upload,
        )
        .await?,
    ))
}
