//! Making knowledge articles, for whoever makes them: the console's API, the demo.

use cavuer_protocol::console::{Article, ArticleDetail};
use cavuer_protocol::{ArticleId, FieldProblem, Timestamp, WorkspaceId, limits};

use crate::checks::Checks;
use crate::knowledge::chunk;
use crate::knowledge::extract::{self, ExtractError};
use crate::knowledge::terms::Indexer;
use crate::random::Random;
use crate::store::{Store, StoreError, StoredArticle, StoredPassage};

/// An article as its author hands it in.
#[derive(Clone, Debug)]
pub struct Draft {
    pub title: String,
    pub content: String,
    /// Name of the file that the content comes from; `None` for typed text.
    pub file_name: Option<String>,
}

/// An uploaded file.
#[derive(Clone, Debug)]
pub struct File {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// Why an article was not stored.
#[derive(Debug)]
pub enum ArticleRefused {
    /// Fields have to be mended.
    Invalid(Vec<FieldProblem>),
    /// More than [`limits::ARTICLE_BYTES`]; the text is for people.
    TooLarge(String),
    /// A kind of file that is not taken; the text is for people.
    WrongKind(String),
    /// A fault of ours; the text is for the log.
    Failed(String),
    Store(StoreError),
}

impl ArticleRefused {
    /// The refusal of a file that has more than [`limits::ARTICLE_BYTES`].
    pub fn too_large() -> Self {
        ExtractError::TooLarge.into()
    }
}

impl From<ExtractError> for ArticleRefused {
    fn from(error: ExtractError) -> Self {
        let message = error.to_string();
        match error {
            ExtractError::TooLarge => Self::TooLarge(message),
            ExtractError::OtherKind(_) | ExtractError::Binary => Self::WrongKind(message),
            ExtractError::Empty | ExtractError::Damaged(_) => {
                Self::Invalid(vec![FieldProblem { field: "file".to_owned(), message }])
            }
        }
    }
}

impl From<StoreError> for ArticleRefused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// The article that an uploaded file makes.
pub async fn from_file(title: String, file: File) -> Result<Draft, ArticleRefused> {
    let File { name, bytes } = file;
    let (name, content) = aside(move || {
        let content = extract::text_of_file(&name, &bytes);
        (name, content)
    })
    .await?;
    Ok(Draft { title, content: content?, file_name: Some(last_part(&name)) })
}

/// Stores an article with its passages.
pub async fn create(
    store: &Store,
    random: &Random,
    now: Timestamp,
    workspace: WorkspaceId,
    draft: Draft,
) -> Result<Article, ArticleRefused> {
    let mut checks = Checks::default();
    let title = checks.line("title", &draft.title, limits::ARTICLE_TITLE_CHARS);
    let content = accept_content(&mut checks, &draft.content)?;
    checks.finish().map_err(ArticleRefused::Invalid)?;

    let (title, content, passages) = passages(title, content).await?;
    let article = StoredArticle {
        id: random.id(now, ArticleId::from_parts),
        workspace,
        title,
        file_name: draft.file_name,
        content,
        passages,
        created_at: now,
    };
    Ok(store.create_article(article).await?)
}

/// Puts other content in the place of an article's; the title stays. `None` if the workspace has
/// no such article.
pub async fn replace(
    store: &Store,
    now: Timestamp,
    workspace: WorkspaceId,
    id: ArticleId,
    content: String,
) -> Result<Option<ArticleDetail>, ArticleRefused> {
    let mut checks = Checks::default();
    let content = accept_content(&mut checks, &content)?;
    checks.finish().map_err(ArticleRefused::Invalid)?;

    // Titles are permanent, so this one still holds when the passages are stored.
    let Some(title) = store.article_title(workspace, id).await? else { return Ok(None) };
    let (_, content, passages) = passages(title, content).await?;
    let article = store.replace_article(workspace, id, content.clone(), passages, now).await?;
    Ok(article.map(|article| ArticleDetail { article, content }))
}

fn accept_content(checks: &mut Checks, typed: &str) -> Result<String, ArticleRefused> {
    let content = extract::clean(typed);
    if content.len() > limits::ARTICLE_BYTES {
        let message = "The text is larger than 10 MB. Split it into smaller articles.";
        return Err(ArticleRefused::TooLarge(message.to_owned()));
    }
    if content.is_empty() {
        checks.problem("content", "Write the article's text; it is empty.");
    }
    Ok(content)
}

/// What retrieval finds of an article. The title counts for each of its passages.
async fn passages(
    title: String,
    content: String,
) -> Result<(String, String, Vec<StoredPassage>), ArticleRefused> {
    aside(move || {
        let mut indexer = Indexer::new(&title, &content);
        let passages = chunk::passages(&content)
            .into_iter()
            .map(|text| StoredPassage {
                title: title.clone(),
                page: None,
                terms: indexer.terms(&text),
                text,
            })
            .collect();
        (title, content, passages)
    })
    .await
}

/// Runs work that may take seconds for a large text away from the threads that serve requests.
/// A panic in it is an error of this article alone.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ArticleRefused> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| ArticleRefused::Failed(error.to_string()))
}

/// Some clients send a whole path as the file's name; it is cut to a length that lists can show.
fn last_part(file_name: &str) -> String {
    let last = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(limits::ARTICLE_TITLE_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_becomes_a_draft_under_its_bare_name() {
        let file = File { name: "C:\\texts\\Prices.txt".to_owned(), bytes: b"Tea: 4".to_vec() };
        let draft = from_file("Prices".to_owned(), file).await.unwrap();
        assert_eq!(draft.file_name.as_deref(), Some("Prices.txt"));
        assert_eq!(draft.content, "Tea: 4");
    }

    #[tokio::test]
    async fn each_passage_has_the_title_and_its_own_terms() {
        let content = "Opening hours. ".repeat(200);
        let (_, _, passages) = passages("Hours".to_owned(), content).await.unwrap();
        assert!(passages.len() > 1);
        for passage in passages {
            assert_eq!(passage.title, "Hours");
            let terms: Vec<_> = passage.terms.terms.iter().map(|(text, _)| text.as_str()).collect();
            assert_eq!(terms, ["hour", "open"]);
        }
    }

    #[test]
    fn blank_and_enormous_content_is_refused() {
        let mut checks = Checks::default();
        accept_content(&mut checks, " \n\u{feff}").unwrap();
        assert_eq!(checks.finish().unwrap_err()[0].field, "content");
        let enormous = "a".repeat(limits::ARTICLE_BYTES + 1);
        let refused = accept_content(&mut Checks::default(), &enormous);
        assert!(matches!(refused, Err(ArticleRefused::TooLarge(text)) if text.contains("10 MB")));
    }
}
