use axum::Json;
use axum::extract::State;
use cavuer_protocol::ArticleId;
use cavuer_protocol::console::{ArticleContent, ArticleDetail};
use cavuer_protocol::notice;

use crate::App;
use crate::answers::{ApiError, ApiResult, Body};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::articles::{self, ArticleDraft};

/// Replaces an article's content, under the same title. Until the new text is indexed, agents find
/// the old one.
///
/// Members of the workspace may call.
#[utoipa::path(
    put, path = "/workspaces/{workspace}/articles/{article}", tag = "knowledge",
    request_body = ArticleContent,
    params(("workspace" = String, Path), ("article" = String, Path)),
    responses((status = 200, body = ArticleDetail), refusals::ForMembers, refusals::OfContent),
)]
pub(crate) async fn replace_article(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(article): Id<ArticleId>,
    Body(ArticleContent { content }): Body<ArticleContent>,
) -> ApiResult<Json<ArticleDetail>> {
    let draft = ArticleDraft::Typed(content);
    let replaced = articles::replace(&app.engine.articles, workspace.id, article, draft).await?;
    replaced.ok_or(ApiError::NotFound(notice::no_such_article()))?;
    let detail = articles::detail(&app.engine.articles, workspace.id, article).await?;
    Ok(Json(detail.ok_or(ApiError::NotFound(notice::no_such_article()))?))
}
