use axum::Json;
use axum::extract::State;
use axum::extract::multipart::{Multipart, MultipartRejection};
use cavuer_protocol::ArticleId;
use cavuer_protocol::console::Article;
use cavuer_protocol::notice;
use utoipa::ToSchema;

use super::upload_form::Upload;
use crate::App;
use crate::answers::{ApiError, ApiResult};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::articles::{self, ArticleDraft};

/// The form of an upload in the place of another.
#[derive(ToSchema)]
#[allow(dead_code, reason = "describes what is read field by field")]
pub(crate) struct ReplaceFileForm {
    /// A `.pdf`, `.docx`, `.html`, `.md` or `.txt` file of at most 10 MB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Replaces an article's content by an uploaded file's, under the same title. Until the file is
/// read and indexed, agents find the old text.
///
/// Members of the workspace may call.
#[utoipa::path(
    put, path = "/workspaces/{workspace}/articles/{article}/file", tag = "knowledge",
    request_body(content = ReplaceFileForm, content_type = "multipart/form-data"),
    params(("workspace" = String, Path), ("article" = String, Path)),
    responses((status = 200, body = Article), refusals::ForMembers, refusals::OfContent),
)]
pub(crate) async fn replace_article_file(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(article): Id<ArticleId>,
    form: Result<Multipart, MultipartRejection>,
) -> ApiResult<Json<Article>> {
    let known = app.engine.store.article_summary(workspace.id, article).await?;
    known.ok_or(ApiError::NotFound(notice::no_such_article()))?;
    let file = Upload::read(form?).await?.only_file()?;
    let draft = ArticleDraft::Uploaded(file);
    let replaced = articles::replace(&app.engine.articles, workspace.id, article, draft).await?;
    Ok(Json(replaced.ok_or(ApiError::NotFound(notice::no_such_article()))?))
}
