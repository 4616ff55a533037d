use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use cavuer_protocol::console::{Article, NewArticle};

use crate::App;
use crate::answers::{ApiResult, Body};
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::articles::{self, ArticleDraft};

/// Stores typed text as an article, which agents find a little later (see its `status`). The title
/// is permanent.
///
/// Members of the workspace may call.
#[utoipa::path(
    post, path = "/workspaces/{workspace}/articles", tag = "knowledge", request_body = NewArticle,
    params(("workspace" = String, Path)),
    responses((status = 201, body = Article), refusals::ForMembers, refusals::OfContent),
)]
pub(crate) async fn create_article(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Body(NewArticle { title, content }): Body<NewArticle>,
) -> ApiResult<(StatusCode, Json<Article>)> {
    let draft = ArticleDraft::Typed(content);
    let article = articles::create(&app.engine.articles, workspace.id, &title, draft).await?;
    Ok((StatusCode::CREATED, Json(article)))
}
