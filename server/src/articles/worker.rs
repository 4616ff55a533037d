use cavuer_protocol::ArticleId;

use super::indexing::{Ended, index};
use crate::app::App;
use crate::store::{ClaimedArticle, IndexingWork, StoreError};

/// Attempts to index an article before it is given up. Only those count in which the program
/// ended or the store failed; what is wrong with a document is known after the first.
const ATTEMPTS: u32 = 3;
/// Pause after something that is not the document's fault, in milliseconds.
const PAUSE_MILLIS: i64 = 2_000;
/// Passages that are deleted in one write.
const CLEAR_AT_ONCE: u32 = 200;

/// Indexes articles until the server stops. What is unfinished then is found at the next start.
pub async fn work(app: App) {
    let mut recovered = false;
    while !app.stopping.is_cancelled() {
        let done = async {
            if !recovered {
                app.store.recover_articles().await?;
            }
            step(&app).await
        };
        let done = done.await;
        recovered |= done.is_ok();
        match done {
            Ok(true) => {}
            Ok(false) => tokio::select! {
                () = app.indexing.woken() => {}
                () = app.stopping.cancelled() => {}
            },
            Err(error) => {
                tracing::error!(%error, "articles cannot be indexed now");
                // The row may still say that it is in work.
                recovered = false;
                pause(&app).await;
            }
        }
    }
}

/// Does one piece of work; `false` if there is none.
async fn step(app: &App) -> Result<bool, StoreError> {
    match app.store.claim_article().await? {
        None => return Ok(false),
        Some(IndexingWork::Clear(id)) => {
            clear(app, id).await?;
            app.store.forget_article(id).await?;
        }
        Some(IndexingWork::Index(article)) => {
            let outcome = one(app, &article).await;
            app.indexing.end();
            app.meaning.wake();
            tell(app, &article).await;
            outcome?;
        }
    }
    Ok(true)
}

async fn one(app: &App, article: &ClaimedArticle) -> Result<(), StoreError> {
    let abandoned = app.indexing.begin(article.id);
    tell(app, article).await;
    if article.attempt > ATTEMPTS {
        let reason = "The server could not finish reading it in several attempts; its log says \
                      more. Try again, or save the document as plain text and upload that.";
        return app.store.finish_article(article, Some(reason.to_owned())).await;
    }
    // What an attempt before this one left behind.
    clear(app, article.id).await?;
    let ended = tokio::select! {
        ended = index(app, article) => ended?,
        // Perhaps the news is old, and what was changed is what this attempt reads.
        () = abandoned.cancelled() => return app.store.put_article_back(article).await,
        () = app.stopping.cancelled() => return app.store.put_article_back(article).await,
    };
    match ended {
        Ended::Ready => {
            clear(app, article.id).await?;
            app.store.finish_article(article, None).await
        }
        Ended::Failed(reason) => {
            clear(app, article.id).await?;
            app.store.finish_article(article, Some(reason)).await
        }
        Ended::Again => {
            pause(app).await;
            app.store.recover_articles().await
        }
        Ended::Overtaken => Ok(()),
    }
}

/// Deletes what no search sees, a little at a time.
async fn clear(app: &App, id: ArticleId) -> Result<(), StoreError> {
    while app.store.clear_passages(id, CLEAR_AT_ONCE).await? > 0 {}
    Ok(())
}

/// Tells the consoles how the article stands.
async fn tell(app: &App, article: &ClaimedArticle) {
    match app.store.article_summary(article.workspace, article.id).await {
        Ok(Some(summary)) => super::announce(app, article.workspace, &summary),
        Ok(None) => {}
        Err(error) => tracing::warn!(%error, "consoles will see the change after a reload"),
    }
}

async fn pause(app: &App) {
    tokio::select! {
        () = app.clock.sleep_until(app.clock.now().plus_millis(PAUSE_MILLIS)) => {}
        () = app.stopping.cancelled() => {}
    }
}

/// Tells the consoles how far the article in work is, where that is news.
pub(super) async fn reach(app: &App, article: &ClaimedArticle, share: f32) {
    if app.indexing.reach(share) {
        tell(app, article).await;
    }
}
