//! Telling the consoles how articles in work stand.

use cavuer_store::ClaimedArticle;

use super::Articles;
use crate::shown;

/// Tells the consoles how the article stands.
pub(super) async fn tell(articles: &Articles, article: &ClaimedArticle) {
    if !articles.live.has_consoles(article.workspace) {
        return;
    }
    match articles.store.article_summary(article.workspace, article.id).await {
        Ok(Some(stored)) => {
            let shown = shown::article(stored, &articles.indexing);
            super::announce(articles, article.workspace, &shown);
        }
        Ok(None) => {}
        Err(error) => tracing::warn!(%error, "consoles will see the change after a reload"),
    }
}

/// Tells the consoles how far the article in work is, where that is news.
pub(super) async fn reach(articles: &Articles, article: &ClaimedArticle, share: f32) {
    if articles.indexing.reach(share) {
        tell(articles, article).await;
    }
}
