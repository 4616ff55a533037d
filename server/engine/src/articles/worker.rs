use std::sync::Arc;

use cavuer_protocol::{ArticleId, notice};

use super::Articles;
use super::indexing::{Ended, index};
use super::telling::tell;
use cavuer_store::{ClaimedArticle, IndexingWork, StoreError};

/// Attempts to index an article before it is given up. Only those count in which the program
/// ended or the store failed; what is wrong with a document is known after the first.
const ATTEMPTS: u32 = 3;
/// Pause after something that is not the document's fault, in milliseconds.
const PAUSE_MILLIS: i64 = 2_000;
/// How often the worker looks for articles that another server of the same database left behind,
/// in milliseconds.
const LOOK_AGAIN_MILLIS: i64 = 60_000;
/// Passages that are deleted in one write.
const CLEAR_AT_ONCE: u32 = 200;

/// Indexes articles until the server stops. What is unfinished then is found at the next start.
pub async fn work(articles: Arc<Articles>) {
    let mut recover_at = articles.clock.now();
    while !articles.stopping.is_cancelled() {
        let done = async {
            let now = articles.clock.now();
            if now >= recover_at {
                articles.store.recover_articles(now).await?;
                recover_at = now.plus_millis(LOOK_AGAIN_MILLIS);
            }
            step(&articles).await
        };
        match done.await {
            Ok(true) => {}
            Ok(false) => tokio::select! {
                () = articles.indexing.woken() => {}
                () = articles.clock.sleep_until(recover_at) => {}
                () = articles.stopping.cancelled() => {}
            },
            Err(error) => {
                tracing::error!(%error, "articles cannot be indexed now");
                // The row may still say that it is in work.
                recover_at = articles.clock.now();
                pause(&articles).await;
            }
        }
    }
}

/// Does one piece of work; `false` if there is none.
async fn step(articles: &Articles) -> Result<bool, StoreError> {
    match articles.store.claim_article().await? {
        None => return Ok(false),
        Some(IndexingWork::Clear(id)) => {
            clear(articles, id, None).await?;
            articles.store.forget_article(id).await?;
        }
        Some(IndexingWork::Index(article)) => {
            let outcome = one(articles, &article).await;
            articles.indexing.end();
            articles.embeddings_changed.notify_one();
            tell(articles, &article).await;
            outcome?;
        }
    }
    Ok(true)
}

async fn one(articles: &Articles, article: &ClaimedArticle) -> Result<(), StoreError> {
    let abandoned = articles.indexing.begin(article.id);
    tell(articles, article).await;
    if article.attempt > ATTEMPTS {
        let reason = notice::article_given_up().to_stored();
        return articles.store.finish_article(article, Some(reason)).await;
    }
    // What an attempt before this one left behind.
    clear(articles, article.id, Some(article.revision)).await?;
    let ended = tokio::select! {
        ended = index(articles, article) => ended?,
        // Perhaps the news is old, and what was changed is what this attempt reads.
        () = abandoned.cancelled() => return articles.store.put_article_back(article).await,
        () = articles.stopping.cancelled() => return articles.store.put_article_back(article).await,
    };
    match ended {
        Ended::Ready => {
            clear(articles, article.id, Some(article.revision)).await?;
            articles.store.finish_article(article, None).await
        }
        Ended::Failed(reason) => {
            clear(articles, article.id, Some(article.revision)).await?;
            articles.store.finish_article(article, Some(reason.to_stored())).await
        }
        Ended::Again => {
            pause(articles).await;
            articles.store.recover_articles(articles.clock.now()).await
        }
        Ended::Overtaken => Ok(()),
    }
}

/// Deletes what no search sees, a little at a time; with a revision nothing of later ones.
async fn clear(articles: &Articles, id: ArticleId, up_to: Option<i64>) -> Result<(), StoreError> {
    while articles.store.clear_passages(id, up_to, CLEAR_AT_ONCE).await? > 0 {}
    Ok(())
}

async fn pause(articles: &Articles) {
    tokio::select! {
        () = articles.clock.sleep_until(articles.clock.now().plus_millis(PAUSE_MILLIS)) => {}
        () = articles.stopping.cancelled() => {}
    }
}
