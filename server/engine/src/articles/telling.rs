//! Telling the consoles how articles in work stand.

use cavuer_store::ClaimedArticle;

use crate::{Engine, shown};

/// Tells the consoles how the article stands.
pub(super) async fn tell(engine: &Engine, article: &ClaimedArticle) {
    match engine.store.article_summary(article.workspace, article.id).await {
        Ok(Some(stored)) => {
            let shown = shown::article(stored, &engine.indexing);
            super::announce(engine, article.workspace, &shown);
        }
        Ok(None) => {}
        Err(error) => tracing::warn!(%error, "consoles will see the change after a reload"),
    }
}

/// Tells the consoles how far the article in work is, where that is news.
pub(super) async fn reach(engine: &Engine, article: &ClaimedArticle, share: f32) {
    if engine.indexing.reach(share) {
        tell(engine, article).await;
    }
}
