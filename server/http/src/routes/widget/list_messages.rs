use axum::Json;
use axum::extract::State;
use cavuer_protocol::Problem;
use cavuer_protocol::widget::OlderMessages;
use serde::Deserialize;

use crate::App;
use crate::answers::ApiResult;
use crate::extract::QueryParameters;
use crate::guard::visitor_access::{PageVisitor, count_call};
use cavuer_engine::shown;

#[derive(Deserialize, utoipa::IntoParams)]
pub(super) struct MessagesQuery {
    /// The `seq` of the oldest message that the caller has.
    before: i64,
}

/// Messages before those that the visitor has, fifty at a time.
///
/// Who may call: a visitor with a session; it reads that visitor's conversation and no other.
#[utoipa::path(
    get,
    path = "/api/widget/v1/messages",
    tag = "widget",
    security(("visitor" = [])),
    params(MessagesQuery),
    responses(
        (status = 200, body = OlderMessages),
        (status = 401, body = Problem, description = "`session_invalid`"),
        (status = 403, body = Problem, description = "`widget_unavailable`"),
    )
)]
pub(super) async fn list_messages(
    State(app): State<App>,
    visitor: PageVisitor,
    QueryParameters(query): QueryParameters<MessagesQuery>,
) -> ApiResult<Json<OlderMessages>> {
    count_call(&app, visitor.address)?;
    let (visitor, before) = (visitor.session.visitor(), query.before);
    let page = app.engine.store.older_messages_of(visitor, before).await?;
    Ok(Json(shown::older_messages(page)))
}
