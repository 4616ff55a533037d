//! Knowledge articles.

pub mod create;
pub mod delete;
pub mod get;
pub mod list;
pub mod replace;
pub mod upload;

use cavuer_protocol::limits::ARTICLE_BYTES;

use crate::articles::ArticleRefused;
use crate::routes::error::ApiError;

/// Most bytes of a JSON body with an article's content, in which some characters are escaped.
pub const JSON_BYTES: usize = 2 * ARTICLE_BYTES;

impl From<ArticleRefused> for ApiError {
    fn from(refused: ArticleRefused) -> Self {
        match refused {
            ArticleRefused::Invalid(fields) => Self::Invalid(fields),
            ArticleRefused::TooLarge(detail) => Self::TooLarge(detail),
            ArticleRefused::WrongKind(detail) => Self::UnsupportedMediaType(detail),
            ArticleRefused::Failed(detail) => Self::Internal(detail),
            ArticleRefused::Store(error) => error.into(),
        }
    }
}
