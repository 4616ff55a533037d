use axum::Json;
use axum::extract::State;
use cavuer_protocol::ArticleId;
use cavuer_protocol::console::ArticleDetail;

use crate::app::App;
use crate::articles;
use crate::guard::console_session::Member;
use crate::routes::console::extract::Id;
use crate::routes::console::refusals;
use crate::routes::error::{ApiError, ApiResult};

/// One article with its content.
///
/// Members of the workspace may call.
#[utoipa::path(
    get, path = "/workspaces/{workspace}/articles/{article}", tag = "knowledge",
    params(("workspace" = String, Path), ("article" = String, Path)),
    responses((status = 200, body = ArticleDetail), refusals::ForMembers),
)]
pub async fn get_article(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(article): Id<ArticleId>,
) -> ApiResult<Json<ArticleDetail>> {
    let article = articles::detail(&app, workspace.id, article).await?;
    Ok(Json(article.ok_or(ApiError::NotFound("article"))?))
}
