use axum::extract::multipart::{Field, Multipart, MultipartError, MultipartRejection};
use axum::http::StatusCode;
use cavuer_protocol::limits::ARTICLE_BYTES;
use cavuer_protocol::notice;

use crate::answers::{ApiError, ApiResult};
use cavuer_engine::articles::{ArticleRefused, File};
use cavuer_engine::checks::Checks;

/// Longest title that is read, in bytes: the longest allowed has at most four for each character.
const TITLE_BYTES: usize = 8 * 1024;

/// A form with a file, read to its end.
#[derive(Default)]
pub(super) struct Upload {
    title: Option<String>,
    /// The file's name and content; no content if it is larger than allowed.
    file: Option<(String, Option<Vec<u8>>)>,
}

impl Upload {
    pub(super) async fn read(mut form: Multipart) -> ApiResult<Self> {
        let mut upload = Self::default();
        while let Some(field) = form.next_field().await? {
            match field.name() {
                Some("title") => {
                    let bytes = bounded(field, TITLE_BYTES).await?;
                    let bytes =
                        bytes.ok_or_else(|| ApiError::field("title", notice::title_too_long()))?;
                    upload.title = Some(String::from_utf8_lossy(&bytes).into_owned());
                }
                Some("file") => {
                    let name = field.file_name().unwrap_or_default().to_owned();
                    upload.file = Some((name, bounded(field, ARTICLE_BYTES).await?));
                }
                other => {
                    let name = format!("{:?}", other.unwrap_or_default());
                    return Err(ApiError::BadRequest(notice::unknown_form_field(name)));
                }
            }
        }
        Ok(upload)
    }

    pub(super) fn title_and_file(self) -> ApiResult<(String, File)> {
        let title = self.title.clone();
        let mut checks = Checks::default();
        if title.is_none() {
            checks.problem("title", notice::title_missing());
        }
        let file = self.file(&mut checks)?;
        checks.finish().map_err(ApiError::Invalid)?;
        Ok((title.unwrap_or_default(), file))
    }

    pub(super) fn only_file(self) -> ApiResult<File> {
        if self.title.is_some() {
            return Err(ApiError::field("title", notice::title_is_permanent()));
        }
        let mut checks = Checks::default();
        let file = self.file(&mut checks)?;
        checks.finish().map_err(ApiError::Invalid)?;
        Ok(file)
    }

    fn file(self, checks: &mut Checks) -> ApiResult<File> {
        match self.file {
            Some((name, Some(bytes))) => Ok(File { name, bytes }),
            Some((_, None)) => Err(ArticleRefused::too_large().into()),
            None => {
                checks.problem("file", notice::file_missing());
                Ok(File { name: String::new(), bytes: Vec::new() })
            }
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
        Self::UnsupportedMediaType(notice::not_multipart())
    }
}

impl From<MultipartError> for ApiError {
    fn from(error: MultipartError) -> Self {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            return ArticleRefused::too_large().into();
        }
        Self::BadRequest(notice::form_incomplete())
    }
}
