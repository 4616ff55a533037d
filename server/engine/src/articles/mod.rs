//! Knowledge articles, for whoever makes them: the console's API, the demo.
//!
//! Making or changing one stores what was handed in and answers at once. A worker ([`work`]) reads
//! files, cuts text into passages and makes them findable, one article after the other.

mod indexing;
mod telling;
mod worker;

use std::sync::Arc;

use cavuer_base::clock::SharedClock;
use cavuer_base::random::Random;
use cavuer_protocol::console::{Article, ArticleDetail, ConsoleEvent};
use cavuer_protocol::notice::{self, Notice};
use cavuer_protocol::{AgentId, ArticleId, FieldProblem, WorkspaceId, limits};

use crate::basics::Basics;
use crate::checks::Checks;
use crate::extraction::Extractor;
use crate::live::Live;
use crate::progress::Progress;
use crate::shown;
use cavuer_store::{ArticleSource, NewArticleRecord, Store, StoreError};
use cavuer_text::documents::{ExtractError, Kind, clean};
use cavuer_text::passages::pages;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

pub use worker::work;

/// The articles of all workspaces, and the one in work.
pub struct Articles {
    store: Store,
    clock: SharedClock,
    random: Arc<Random>,
    stopping: CancellationToken,
    live: Live,
    indexing: Progress,
    extractor: Arc<Extractor>,
    /// Wakes the worker that prepares passages for search by meaning.
    embeddings_changed: Arc<Notify>,
}

/// An uploaded file.
#[derive(Clone, Debug)]
pub struct File {
    /// As the client sent it; of a path only the last part is kept.
    pub name: String,
    /// The whole file; more than [`limits::ARTICLE_BYTES`] are refused.
    pub bytes: Vec<u8>,
}

/// What an article is to be made from.
#[derive(Clone, Debug)]
pub enum ArticleDraft {
    /// Text from a form or from the program; it must not be blank.
    Typed(String),
    /// Of a kind that is told by name and content; the worker reads it later.
    Uploaded(File),
}

/// Why an article was not stored.
#[derive(Debug)]
pub enum ArticleRefused {
    /// Fields have to be mended.
    Invalid(Vec<FieldProblem>),
    /// More than [`limits::ARTICLE_BYTES`].
    TooLarge(Notice),
    /// A kind of file that is not taken.
    WrongKind(Notice),
    /// Nothing was stored.
    Store(StoreError),
}

impl Articles {
    pub(crate) fn new(
        basics: &Basics,
        live: Live,
        extractor: Arc<Extractor>,
        embeddings_changed: Arc<Notify>,
    ) -> Self {
        let Basics { store, clock, random, stopping } = basics.clone();
        let indexing = Progress::default();
        Self { store, clock, random, stopping, live, indexing, extractor, embeddings_changed }
    }
}

impl ArticleRefused {
    /// The refusal of a file that has more than [`limits::ARTICLE_BYTES`].
    pub fn too_large() -> Self {
        ExtractError::TooLarge.into()
    }
}

impl From<ExtractError> for ArticleRefused {
    fn from(error: ExtractError) -> Self {
        let notice = error.notice();
        match error {
            ExtractError::TooLarge => Self::TooLarge(notice),
            ExtractError::OtherKind(_) | ExtractError::Binary | ExtractError::Misnamed { .. } => {
                Self::WrongKind(notice)
            }
            _ => Self::Invalid(vec![FieldProblem::new("file", notice)]),
        }
    }
}

impl From<StoreError> for ArticleRefused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Stores an article, which is findable a little later.
pub async fn create(
    articles: &Articles,
    workspace: WorkspaceId,
    title: &str,
    draft: ArticleDraft,
) -> Result<Article, ArticleRefused> {
    let mut checks = Checks::default();
    let title = checks.line("title", title, limits::ARTICLE_TITLE_CHARS);
    let source = accept(&mut checks, draft)?;
    checks.finish().map_err(ArticleRefused::Invalid)?;

    let now = articles.clock.now();
    let id = articles.random.id(now, ArticleId::from_parts);
    let new = NewArticleRecord { id, workspace, title, source, created_at: now };
    let article = shown::article(articles.store.queue_article(new).await?, &articles.indexing);
    articles.indexing.wake();
    announce(articles, workspace, &article);
    Ok(article)
}

/// Puts other content in the place of an article's; the title stays. `None` if the workspace has
/// no such article.
pub async fn replace(
    articles: &Articles,
    workspace: WorkspaceId,
    id: ArticleId,
    draft: ArticleDraft,
) -> Result<Option<Article>, ArticleRefused> {
    let mut checks = Checks::default();
    let source = accept(&mut checks, draft)?;
    checks.finish().map_err(ArticleRefused::Invalid)?;

    let now = articles.clock.now();
    let replaced = articles.store.replace_article(workspace, id, source, now).await?;
    let replaced = replaced.map(|article| shown::article(article, &articles.indexing));
    if let Some(article) = &replaced {
        articles.indexing.abandon(id);
        articles.indexing.wake();
        announce(articles, workspace, article);
    }
    Ok(replaced)
}

/// Tries again to index an article that failed. `None` if the workspace has no such article.
pub async fn retry(
    articles: &Articles,
    workspace: WorkspaceId,
    id: ArticleId,
) -> Result<Option<Article>, StoreError> {
    let retried = articles.store.retry_article(workspace, id, articles.clock.now()).await?;
    articles.indexing.wake();
    let retried = retried.map(|article| shown::article(article, &articles.indexing));
    if let Some(article) = &retried {
        announce(articles, workspace, article);
    }
    Ok(retried)
}

/// Deletes an article. `false` if the workspace has no such article.
pub async fn delete(
    articles: &Articles,
    workspace: WorkspaceId,
    id: ArticleId,
) -> Result<bool, StoreError> {
    let deleted = articles.store.delete_article(workspace, id).await?;
    if deleted {
        articles.indexing.abandon(id);
        articles.indexing.wake();
        let event = ConsoleEvent::ArticleRemoved { article: id };
        articles.live.publish_to_consoles(workspace, &event, articles.clock.now());
    }
    Ok(deleted)
}

/// The workspace's articles by title, with how far their indexing is: those whose title contains
/// `title`, whatever the letter case, and that `agent` may use.
pub async fn list(
    articles: &Articles,
    workspace: WorkspaceId,
    title: Option<String>,
    agent: Option<AgentId>,
) -> Result<Vec<Article>, StoreError> {
    let found = articles.store.articles(workspace, title, agent).await?;
    Ok(found.into_iter().map(|article| shown::article(article, &articles.indexing)).collect())
}

/// Tells when the work on an article ends, whichever it is.
pub fn ends(articles: &Articles) -> watch::Receiver<()> {
    articles.indexing.ends()
}

/// One article with its content, and how far its indexing is.
pub async fn detail(
    articles: &Articles,
    workspace: WorkspaceId,
    id: ArticleId,
) -> Result<Option<ArticleDetail>, StoreError> {
    let found = articles.store.article(workspace, id).await?;
    Ok(found.map(|article| shown::article_detail(article, &articles.indexing)))
}

fn announce(articles: &Articles, workspace: WorkspaceId, article: &Article) {
    let event = ConsoleEvent::ArticleListed { article: article.clone() };
    articles.live.publish_to_consoles(workspace, &event, articles.clock.now());
}

fn accept(checks: &mut Checks, draft: ArticleDraft) -> Result<ArticleSource, ArticleRefused> {
    match draft {
        ArticleDraft::Typed(typed) => accept_text(checks, &typed),
        ArticleDraft::Uploaded(File { name, bytes }) => {
            if bytes.len() > limits::ARTICLE_BYTES {
                return Err(ArticleRefused::too_large());
            }
            let name = last_part(&name);
            Kind::of_file(&name, &bytes)?;
            Ok(ArticleSource::File { name, bytes })
        }
    }
}

fn accept_text(checks: &mut Checks, typed: &str) -> Result<ArticleSource, ArticleRefused> {
    let text = clean(typed);
    if text.len() > limits::ARTICLE_BYTES {
        return Err(ArticleRefused::TooLarge(notice::article_too_large()));
    }
    if !pages::has_text(&text) {
        checks.problem("content", notice::article_empty());
    }
    Ok(ArticleSource::Text(text))
}

/// Some clients send a whole path as the file's name. It is cut to a length that lists can show,
/// and keeps its ending.
fn last_part(file_name: &str) -> String {
    let last = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let chars: Vec<char> = last.chars().filter(|c| !c.is_control()).collect();
    if chars.len() <= limits::ARTICLE_TITLE_CHARS {
        return chars.into_iter().collect();
    }
    let half = limits::ARTICLE_TITLE_CHARS / 2;
    let (head, tail) = (&chars[..half], &chars[chars.len() - half..]);
    head.iter().chain(&['…']).chain(tail).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_kept_under_its_bare_name() {
        assert_eq!(last_part("C:\\texts\\Prices.txt"), "Prices.txt");
        assert_eq!(last_part("/tmp/a\u{7}b.pdf"), "ab.pdf");
        let long = format!("{}.pdf", "ж".repeat(400));
        let kept = last_part(&long);
        assert!(kept.ends_with("ж.pdf") && kept.chars().count() <= limits::ARTICLE_TITLE_CHARS);
    }

    #[test]
    fn blank_and_enormous_content_is_refused() {
        for blank in [" \n\u{feff}", "[Page 1]\n\n[Page 2]"] {
            let mut checks = Checks::default();
            accept_text(&mut checks, blank).unwrap();
            assert_eq!(checks.finish().unwrap_err()[0].field, "content");
        }
        let enormous = "a".repeat(limits::ARTICLE_BYTES + 1);
        let refused = accept_text(&mut Checks::default(), &enormous);
        assert!(
            matches!(refused, Err(ArticleRefused::TooLarge(text)) if text.english().contains("10 MB"))
        );
        let file = File { name: "a.txt".to_owned(), bytes: enormous.into_bytes() };
        let refused = accept(&mut Checks::default(), ArticleDraft::Uploaded(file));
        assert!(matches!(refused, Err(ArticleRefused::TooLarge(_))));
    }
}
