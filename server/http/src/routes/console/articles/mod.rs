//! Knowledge articles.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod replace;
pub(crate) mod replace_file;
pub(crate) mod retry;
pub(crate) mod upload;
mod upload_form;

use cavuer_protocol::limits::ARTICLE_BYTES;

use crate::answers::ApiError;
use cavuer_engine::articles::ArticleRefused;

/// Most bytes of a JSON body with an article's content, in which some characters are escaped.
pub(crate) const JSON_BYTES: usize = 2 * ARTICLE_BYTES;

/// Most bytes that are read of an upload. Above [`ARTICLE_BYTES`] nothing is kept, but hanging up
/// at once would leave the browser with a broken connection in place of the reason.
pub(crate) const UPLOAD_BYTES: usize = 4 * ARTICLE_BYTES;

impl From<ArticleRefused> for ApiError {
    fn from(refused: ArticleRefused) -> Self {
        match refused {
            ArticleRefused::Invalid(fields) => Self::Invalid(fields),
            ArticleRefused::TooLarge(detail) => Self::TooLarge(detail),
            ArticleRefused::WrongKind(detail) => Self::UnsupportedMediaType(detail),
            ArticleRefused::Store(error) => error.into(),
        }
    }
}
