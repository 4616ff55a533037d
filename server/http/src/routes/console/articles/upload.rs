use axum::Json;
use axum::extract::State;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::http::StatusCode;
use cavuer_protocol::console::Article;
use utoipa::ToSchema;

use super::upload_form::Upload;
use crate::App;
use crate::answers::ApiResult;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::articles::{self, ArticleDraft};

/// The form of an upload.
#[derive(ToSchema)]
#[allow(dead_code, reason = "describes what is read field by field")]
pub(crate) struct UploadForm {
    /// Permanent.
    title: String,
    /// A `.pdf`, `.docx`, `.html`, `.md` or `.txt` file of at most 10 MB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Stores an uploaded file as an article, which agents find once it has been read and indexed (see
/// its `status`). The title is permanent. Nothing is stored of an upload that breaks off.
///
/// Members of the workspace may call.
#[utoipa::path(
    post, path = "/workspaces/{workspace}/articles/upload", tag = "knowledge",
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    params(("workspace" = String, Path)),
    responses((status = 201, body = Article), refusals::ForMembers, refusals::OfContent),
)]
pub(crate) async fn upload_article(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    form: Result<Multipart, MultipartRejection>,
) -> ApiResult<(StatusCode, Json<Article>)> {
    let (title, file) = Upload::read(form?).await?.title_and_file()?;
    let draft = ArticleDraft::Uploaded(file);
    let article = articles::create(&app.engine.articles, workspace.id, &title, draft).await?;
    Ok((StatusCode::CREATED, Json(article)))
}
