//! Where indexing an article stands.

use cavuer_protocol::Notice;
use serde::Deserialize;

use crate::StoreError;
use crate::sql::Row;

/// Where making an article findable stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArticleState {
    /// It waits for its turn.
    Queued,
    /// It is in work; how far it is, only the worker knows.
    Indexing,
    /// Searches see the passages of its newest content.
    Ready,
    /// What is wrong and what to do.
    Failed(Notice),
}

/// What stands in the column `state`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Word {
    Queued,
    Indexing,
    Ready,
    Failed,
}

/// From a row with `state, failure`.
pub(super) fn read(row: &mut Row) -> Result<ArticleState, StoreError> {
    let reason: Option<String> = row.get("failure")?;
    Ok(match row.word("state")? {
        Word::Queued => ArticleState::Queued,
        Word::Indexing => ArticleState::Indexing,
        Word::Ready => ArticleState::Ready,
        Word::Failed => ArticleState::Failed(Notice::from_stored(&reason.unwrap_or_default())),
    })
}
