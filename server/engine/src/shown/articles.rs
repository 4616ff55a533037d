use cavuer_protocol::console::{Article, ArticleDetail, ArticleStatus};
use cavuer_protocol::notice::Notice;
use cavuer_store::{ArticleRecord, ArticleState, WholeArticle};

use crate::progress::Progress;

/// An article; how far its indexing is, `progress` knows and the database does not.
pub(crate) fn article(stored: ArticleRecord, progress: &Progress) -> Article {
    let status = match stored.state {
        ArticleState::Queued => ArticleStatus::Queued,
        ArticleState::Indexing => ArticleStatus::Indexing { percent: progress.percent(stored.id) },
        ArticleState::Ready => ArticleStatus::Ready,
        ArticleState::Failed(reason) => ArticleStatus::failed(reason),
    };
    let (notes, note_notices) = Notice::told_all(stored.notes);
    Article {
        id: stored.id,
        title: stored.title,
        file_name: stored.file_name,
        chars: stored.chars,
        passages: stored.passages,
        updated_at: stored.updated_at,
        status,
        notes,
        note_notices,
        agents: stored.agents,
    }
}

/// The same, with the article's content.
pub(crate) fn article_detail(stored: WholeArticle, progress: &Progress) -> ArticleDetail {
    ArticleDetail { article: article(stored.article, progress), content: stored.content }
}
