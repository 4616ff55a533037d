//! Knowledge articles.

pub mod create;
pub mod delete;
pub mod get;
pub mod list;
pub mod replace;
pub mod replace_file;
pub mod retry;
pub mod upload;
mod upload_form;

use cavuer_protocol::limits::ARTICLE_BYTES;

use crate::answers::ApiError;
use cavuer_engine::articles::ArticleRefused;

/// Most bytes of a JSON body with an article's content, in which some characters are escaped.
pub const JSON_BYTES: usize = 2 * ARTICLE_BYTES;

/// Most bytes that are read of an upload. Above [`ARTICLE_BYTES`] nothing is kept, but hanging up
/// at once would leave the browser with a broken connection in place of the reason.
pub const UPLOAD_BYTES: usize = 4 * ARTICLE_BYTES;

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
