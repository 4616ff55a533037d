use cavuer_protocol::{ArticleId, notice};

use super::indexing::{Ended, index};
use super::telling::tell;
use crate::Engine;
use cavuer_store::{ClaimedArticle, IndexingWork, StoreError};

/// Attempts to index an article before it is given up. Only those count in which the program
/// ended or the store failed; what is wrong with a document is known after the first.
const ATTEMPTS: u32 = 3;
/// Pause after something that is not the document's fault, in milliseconds.
const PAUSE_MILLIS: i64 = 2_000;
/// Passages that are deleted in one write.
const CLEAR_AT_ONCE: u32 = 200;

/// Indexes articles until the server stops. What is unfinished then is found at the next start.
pub async fn work(engine: Engine) {
    let mut recovered = false;
    while !engine.stopping.is_cancelled() {
        let done = async {
            if !recovered {
                engine.store.recover_articles().await?;
            }
            step(&engine).await
        };
        let done = done.await;
        recovered |= done.is_ok();
        match done {
            Ok(true) => {}
            Ok(false) => tokio::select! {
                () = engine.indexing.woken() => {}
                () = engine.stopping.cancelled() => {}
            },
            Err(error) => {
                tracing::error!(%error, "articles cannot be indexed now");
                // The row may still say that it is in work.
                recovered = false;
                pause(&engine).await;
            }
        }
    }
}

/// Does one piece of work; `false` if there is none.
async fn step(engine: &Engine) -> Result<bool, StoreError> {
    match engine.store.claim_article().await? {
        None => return Ok(false),
        Some(IndexingWork::Clear(id)) => {
            clear(engine, id).await?;
            engine.store.forget_article(id).await?;
        }
        Some(IndexingWork::Index(article)) => {
            let outcome = one(engine, &article).await;
            engine.indexing.end();
            engine.embeddings_changed.notify_one();
            tell(engine, &article).await;
            outcome?;
        }
    }
    Ok(true)
}

async fn one(engine: &Engine, article: &ClaimedArticle) -> Result<(), StoreError> {
    let abandoned = engine.indexing.begin(article.id);
    tell(engine, article).await;
    if article.attempt > ATTEMPTS {
        let reason = notice::article_given_up().to_stored();
        return engine.store.finish_article(article, Some(reason)).await;
    }
    // What an attempt before this one left behind.
    clear(engine, article.id).await?;
    let ended = tokio::select! {
        ended = index(engine, article) => ended?,
        // Perhaps the news is old, and what was changed is what this attempt reads.
        () = abandoned.cancelled() => return engine.store.put_article_back(article).await,
        () = engine.stopping.cancelled() => return engine.store.put_article_back(article).await,
    };
    match ended {
        Ended::Ready => {
            clear(engine, article.id).await?;
            engine.store.finish_article(article, None).await
        }
        Ended::Failed(reason) => {
            clear(engine, article.id).await?;
            engine.store.finish_article(article, Some(reason.to_stored())).await
        }
        Ended::Again => {
            pause(engine).await;
            engine.store.recover_articles().await
        }
        Ended::Overtaken => Ok(()),
    }
}

/// Deletes what no search sees, a little at a time.
async fn clear(engine: &Engine, id: ArticleId) -> Result<(), StoreError> {
    while engine.store.clear_passages(id, CLEAR_AT_ONCE).await? > 0 {}
    Ok(())
}

async fn pause(engine: &Engine) {
    tokio::select! {
        () = engine.clock.sleep_until(engine.clock.now().plus_millis(PAUSE_MILLIS)) => {}
        () = engine.stopping.cancelled() => {}
    }
}
