use axum::Json;
use axum::extract::State;
use axum::extract::multipart::{Field, Multipart, MultipartError, MultipartRejection};
use axum::http::StatusCode;
use cavuer_protocol::console::Article;
use cavuer_protocol::limits::ARTICLE_BYTES;
use utoipa::ToSchema;

use crate::app::App;
use crate::articles::{self, ArticleRefused, File};
use crate::checks::Checks;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use crate::routes::error::{ApiError, ApiResult};

/// Most bytes that are read of an upload. Above [`ARTICLE_BYTES`] nothing is kept, but hanging up
/// at once would leave the browser with a broken connection in place of the reason.
pub const READ_BYTES: usize = 4 * ARTICLE_BYTES;

/// Longest title that is read, in bytes: the longest allowed has at most four for each character.
const TITLE_BYTES: usize = 8 * 1024;

/// The form of an upload.
#[derive(ToSchema)]
#[allow(dead_code, reason = "describes what is read field by field")]
pub struct UploadForm {
    /// Permanent.
    title: String,
    /// A `.txt` file of at most 10 MB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Stores an uploaded file's text as an article and makes it searchable. The title is permanent.
/// Nothing is stored of an upload that breaks off.
///
/// Members of the workspace may call.
#[utoipa::path(
    post, path = "/workspaces/{workspace}/articles/upload", tag = "knowledge",
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    params(("workspace" = String, Path)),
    responses((status = 201, body = Article), refusals::ForMembers, refusals::OfContent),
)]
pub async fn upload_article(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    form: Result<Multipart, MultipartRejection>,
) -> ApiResult<(StatusCode, Json<Article>)> {
    let (title, file) = read(form?).await?;
    let draft = articles::from_file(title, file).await?;
    let now = app.clock.now();
    let article = articles::create(&app.store, &app.random, now, workspace.id, draft).await?;
    Ok((StatusCode::CREATED, Json(article)))
}

/// Reads the form to its end.
async fn read(mut form: Multipart) -> ApiResult<(String, File)> {
    let (mut title, mut file) = (None, None);
    while let Some(field) = form.next_field().await? {
        match field.name() {
            Some("title") => {
                let bytes = bounded(field, TITLE_BYTES).await?;
                let bytes = bytes.ok_or_else(|| {
                    ApiError::field("title", "It is too long. Write it in one short line.")
                })?;
                title = Some(String::from_utf8_lossy(&bytes).into_owned());
            }
            Some("file") => {
                let name = field.file_name().unwrap_or_default().to_owned();
                file = Some((name, bounded(field, ARTICLE_BYTES).await?));
            }
            other => {
                let name = other.unwrap_or_default();
                return Err(ApiError::BadRequest(format!(
                    "The form has a field {name:?}. Send only title and file."
                )));
            }
        }
    }
    complete(title, file)
}

fn complete(
    title: Option<String>,
    file: Option<(String, Option<Vec<u8>>)>,
) -> ApiResult<(String, File)> {
    match (title, file) {
        (_, Some((_, None))) => Err(ArticleRefused::too_large().into()),
        (Some(title), Some((name, Some(bytes)))) => Ok((title, File { name, bytes })),
        (title, file) => {
            let mut checks = Checks::default();
            if title.is_none() {
                checks.problem("title", "Give the article a title.");
            }
            if file.is_none() {
                checks.problem("file", "Choose a file.");
            }
            Err(ApiError::Invalid(checks.finish().err().unwrap_or_default()))
        }
    }
}

/// A field's content, or `None` if it is longer than `most` bytes. It is read to its end anyway.
async fn bounded(mut field: Field<'_>, most: usize) -> Result<Option<Vec<u8>>, MultipartError> {
    let mut kept = Some(Vec::new());
    while let Some(chunk) = field.chunk().await? {
        if let Some(bytes) = &mut kept {
            bytes.extend_from_slice(&chunk);
        }
        kept = kept.filter(|bytes| bytes.len() <= most);
    }
    Ok(kept)
}

impl From<MultipartRejection> for ApiError {
    fn from(_: MultipartRejection) -> Self {
        Self::UnsupportedMediaType("Send the file as multipart/form-data.".to_owned())
    }
}

impl From<MultipartError> for ApiError {
    fn from(error: MultipartError) -> Self {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            return ArticleRefused::too_large().into();
        }
        Self::BadRequest(
            "The upload broke off or is not a complete form. Nothing was stored; try again."
                .to_owned(),
        )
    }
}
