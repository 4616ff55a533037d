use std::sync::{Mutex, MutexGuard, PoisonError};

use cavuer_protocol::ArticleId;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

/// How far the article in work is. Kept in memory: after a restart its indexing begins anew.
#[derive(Default)]
pub(crate) struct Progress {
    current: Mutex<Option<Current>>,
    work: Notify,
    /// Changes whenever the work on an article ends.
    ended: watch::Sender<()>,
}

struct Current {
    article: ArticleId,
    percent: u8,
    abandoned: CancellationToken,
}

impl Progress {
    /// How far the indexing of an article is, from 0 to 100; 0 if another one is in work.
    pub(crate) fn percent(&self, article: ArticleId) -> u8 {
        let current = self.lock();
        let current = current.as_ref().filter(|current| current.article == article);
        current.map_or(0, |current| current.percent)
    }

    /// Wakes the worker, because something may wait.
    pub(crate) fn wake(&self) {
        self.work.notify_one();
    }

    /// Ends the work on an article, because it was changed or deleted.
    pub(crate) fn abandon(&self, article: ArticleId) {
        if let Some(current) = &*self.lock()
            && current.article == article
        {
            current.abandoned.cancel();
        }
    }

    /// Tells when the work on an article ends, whichever it is.
    pub(crate) fn ends(&self) -> watch::Receiver<()> {
        self.ended.subscribe()
    }

    /// Until something may wait.
    pub(super) async fn woken(&self) {
        self.work.notified().await;
    }

    /// Notes that work on an article begins; the token ends it.
    pub(super) fn begin(&self, article: ArticleId) -> CancellationToken {
        let abandoned = CancellationToken::new();
        *self.lock() = Some(Current { article, percent: 0, abandoned: abandoned.clone() });
        abandoned
    }

    /// Notes how far it is; `true` if that is worth telling.
    pub(super) fn reach(&self, share: f32) -> bool {
        let mut current = self.lock();
        let Some(current) = &mut *current else { return false };
        let percent = (share * 100.0).clamp(0.0, 100.0) as u8;
        let is_news = percent >= current.percent.saturating_add(4);
        if is_news {
            current.percent = percent;
        }
        is_news
    }

    pub(super) fn end(&self) {
        *self.lock() = None;
        self.ended.send_replace(());
    }

    fn lock(&self) -> MutexGuard<'_, Option<Current>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
