use axum::Json;
use axum::extract::State;
use cavuer_protocol::ArticleId;
use cavuer_protocol::console::ArticleDetail;
use cavuer_protocol::notice;

use crate::App;
use crate::answers::{ApiError, ApiResult};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::articles;

/// One article with its content.
///
/// Members of the workspace may call.
#[utoipa::path(
    get, path = "/workspaces/{workspace}/articles/{article}", tag = "knowledge",
    params(("workspace" = String, Path), ("article" = String, Path)),
    responses((status = 200, body = ArticleDetail), refusals::ForMembers),
)]
pub(crate) async fn get_article(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(article): Id<ArticleId>,
) -> ApiResult<Json<ArticleDetail>> {
    let article = articles::detail(&app.engine.articles, workspace.id, article).await?;
    Ok(Json(article.ok_or(ApiError::NotFound(notice::no_such_article()))?))
}
