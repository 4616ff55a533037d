use axum::Json;
use axum::extract::State;
use cavuer_protocol::ArticleId;
use cavuer_protocol::console::Article;
use cavuer_protocol::notice;

use crate::App;
use crate::answers::{ApiError, ApiResult};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::articles;

/// Tries again to index an article that failed; any other stays as it is.
///
/// Members of the workspace may call.
#[utoipa::path(
    post, path = "/workspaces/{workspace}/articles/{article}/retry", tag = "knowledge",
    params(("workspace" = String, Path), ("article" = String, Path)),
    responses((status = 200, body = Article), refusals::ForMembers),
)]
pub(crate) async fn retry_article(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(article): Id<ArticleId>,
) -> ApiResult<Json<Article>> {
    let retried = articles::retry(&app.engine.articles, workspace.id, article).await?;
    Ok(Json(retried.ok_or(ApiError::NotFound(notice::no_such_article()))?))
}
