use axum::extract::State;
use axum::http::StatusCode;
use cavuer_protocol::ArticleId;
use cavuer_protocol::notice;

use crate::App;
use crate::answers::{ApiError, ApiResult};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::articles;

/// Deletes an article. Agents cannot use it any more from now on.
///
/// Members of the workspace may call.
#[utoipa::path(
    delete, path = "/workspaces/{workspace}/articles/{article}", tag = "knowledge",
    params(("workspace" = String, Path), ("article" = String, Path)),
    responses((status = 204, description = "Deleted."), refusals::ForMembers),
)]
pub(crate) async fn delete_article(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(article): Id<ArticleId>,
) -> ApiResult<StatusCode> {
    if !articles::delete(&app.engine.articles, workspace.id, article).await? {
        return Err(ApiError::NotFound(notice::no_such_article()));
    }
    Ok(StatusCode::NO_CONTENT)
}
