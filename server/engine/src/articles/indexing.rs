use cavuer_protocol::notice::{self, Notice};
use tokio::sync::watch;

use super::Articles;
use super::telling::reach;
use crate::extraction::ReadError;
use cavuer_store::{ArticleSource, ClaimedArticle, StoreError, StoredPassage};
use cavuer_text::documents::Kind;
use cavuer_text::index::Indexer;
use cavuer_text::passages::{self, Passage};

/// Passages that are stored in one write, so that messages of visitors come in between.
const STORE_AT_ONCE: usize = 50;
/// Which part of the work reading a file is taken for.
const READING: f32 = 0.5;

/// How the work on an article ended.
pub(super) enum Ended {
    /// Its passages are found.
    Ready,
    /// Why it cannot be indexed.
    Failed(Notice),
    /// Something that is not the document's fault; a later attempt may succeed.
    Again,
    /// Somebody changed or deleted the article.
    Overtaken,
}

/// Reads the article's file if there is one, and makes its passages findable.
pub(super) async fn index(
    articles: &Articles,
    article: &ClaimedArticle,
) -> Result<Ended, StoreError> {
    let Some(source) = articles.store.article_source(article).await? else {
        return Ok(Ended::Overtaken);
    };
    let (text, begins_at) = match source {
        ArticleSource::Text(text) => (text, 0.0),
        ArticleSource::File { name, bytes } => {
            let extracted = match read(articles, article, &name, &bytes).await {
                Ok(extracted) => extracted,
                Err(ReadError::Document(error)) => return Ok(Ended::Failed(error.notice())),
                Err(error @ ReadError::Process(_)) => {
                    tracing::error!(article = %article.id, %error, "a document waits");
                    return Ok(Ended::Again);
                }
            };
            let text = extracted.text.clone();
            let notes = extracted.notes.iter().map(Notice::to_stored).collect();
            if !articles.store.keep_text(article, extracted.text, notes).await? {
                return Ok(Ended::Overtaken);
            }
            (text, READING)
        }
    };
    let title = article.title.clone();
    let cut = aside(move || (Indexer::new(&title, &text), passages::passages(&text)));
    let Some((indexer, passages)) = cut.await else {
        return Ok(Ended::Failed(notice::article_not_cut()));
    };
    store(articles, article, indexer, passages, begins_at).await
}

async fn read(
    articles: &Articles,
    article: &ClaimedArticle,
    name: &str,
    bytes: &[u8],
) -> Result<cavuer_text::documents::Extracted, ReadError> {
    let kind = Kind::of_file(name, bytes)?;
    let (tell, mut told) = watch::channel(0.0);
    let reading = articles.extractor.read(kind, bytes, |share| {
        tell.send_replace(share);
    });
    tokio::pin!(reading);
    loop {
        tokio::select! {
            done = &mut reading => return done,
            Ok(()) = told.changed() => {
                let share = *told.borrow_and_update();
                reach(articles, article, share * READING).await;
            }
        }
    }
}

async fn store(
    articles: &Articles,
    article: &ClaimedArticle,
    mut indexer: Indexer,
    passages: Vec<Passage>,
    begins_at: f32,
) -> Result<Ended, StoreError> {
    let count = passages.len();
    let mut stored = 0;
    let mut passages = passages.into_iter();
    while stored < count {
        let batch: Vec<Passage> = passages.by_ref().take(STORE_AT_ONCE).collect();
        let (first, length) = (stored, batch.len());
        let title = article.title.clone();
        let made = aside(move || {
            let made = indexed(&mut indexer, &title, batch);
            (indexer, made)
        });
        let Some((back, batch)) = made.await else {
            return Ok(Ended::Failed(notice::article_not_cut()));
        };
        indexer = back;
        let first = i64::try_from(first).unwrap_or(i64::MAX);
        if !articles.store.add_passages(article, first, batch).await? {
            return Ok(Ended::Overtaken);
        }
        stored += length;
        let share = stored as f32 / count as f32;
        reach(articles, article, begins_at + (1.0 - begins_at) * share).await;
    }
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    let stands = articles.store.publish_passages(article, count).await?;
    Ok(if stands { Ended::Ready } else { Ended::Overtaken })
}

/// What retrieval finds. The title counts for each passage.
fn indexed(indexer: &mut Indexer, title: &str, passages: Vec<Passage>) -> Vec<StoredPassage> {
    passages
        .into_iter()
        .map(|Passage { text, page }| StoredPassage {
            title: title.to_owned(),
            terms: indexer.terms(&text),
            text,
            page,
        })
        .collect()
}

/// Runs work that may take long away from the threads that serve requests. `None` if it panicked.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => Some(done),
        Err(error) => {
            tracing::error!(%error, "a part of the indexing failed");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_passage_has_the_title_and_its_own_terms() {
        let passages = passages::passages(&format!("[Page 7]\n{}", "Opening hours. ".repeat(200)));
        assert!(passages.len() > 1);
        let mut indexer = Indexer::new("Hours", "Opening hours.");
        for passage in indexed(&mut indexer, "Hours", passages) {
            assert_eq!((passage.title.as_str(), passage.page), ("Hours", Some(7)));
            let terms: Vec<_> = passage.terms.terms.iter().map(|(text, _)| text.as_str()).collect();
            assert_eq!(terms, ["hour", "open"]);
        }
    }
}
