//! Articles of the knowledge.

use serde::{Deserialize, Serialize};

use crate::{AgentId, ArticleId, Notice, Timestamp};

/// An article as lists show it, without its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Article {
    /// Stays the same when the content is replaced.
    pub id: ArticleId,
    /// Never changes. It counts in searches, and visitors see it as a source.
    pub title: String,
    /// Name of the uploaded file; `None` for typed text.
    pub file_name: Option<String>,
    /// Length of the content in characters.
    pub chars: u64,
    /// Passages that retrieval can find.
    pub passages: u32,
    /// When the content was last handed in, not when it became findable.
    pub updated_at: Timestamp,
    /// How far the newest content is on its way to be found.
    pub status: ArticleStatus,
    /// What whoever relies on the text should know, for example that some pages are pictures.
    pub notes: Vec<String>,
    /// The same by their codes, in the same order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub note_notices: Vec<Notice>,
    /// Agents that may use it.
    pub agents: Vec<AgentId>,
}

/// Where making an article findable stands. While new content is on its way, the old is found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ArticleStatus {
    /// It waits for its turn.
    Queued,
    /// Its file is being read, or its text cut into passages.
    Indexing {
        /// 0 to 100.
        percent: u8,
    },
    /// All of the newest content is found.
    Ready,
    /// The newest content could not be read or indexed; it stays so until somebody tries again.
    Failed {
        /// What is wrong and what to do, in plain words.
        reason: String,
        /// `reason` by its code.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        notice: Option<Notice>,
    },
}

impl ArticleStatus {
    /// [`ArticleStatus::Failed`] with the reason's English and its code.
    pub fn failed(reason: Notice) -> Self {
        let (reason, notice) = reason.told();
        Self::Failed { reason, notice }
    }

    /// Whether it will change by itself.
    pub fn is_in_work(&self) -> bool {
        matches!(self, Self::Queued | Self::Indexing { .. })
    }
}

/// `GET articles/{article}`: an article with its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ArticleDetail {
    /// What lists show of it.
    pub article: Article,
    /// Empty until an uploaded file has been read. A line such as `[Page 3]` says that the third
    /// page of the document begins there.
    pub content: String,
}

/// `POST articles`: an article of typed text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewArticle {
    /// Permanent.
    pub title: String,
    /// Plain text that is not blank, at most [`crate::limits::ARTICLE_BYTES`] bytes.
    pub content: String,
}

/// `PUT articles/{article}`: other text in the place of an article's; its title stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ArticleContent {
    /// As in [`NewArticle::content`].
    pub content: String,
}
