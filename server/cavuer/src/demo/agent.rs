//! The demo's agent and the articles that it answers from.

use cavuer_protocol::console::{AgentChanges, NewAgent};
use cavuer_protocol::{ArticleId, WorkspaceId};

use super::record::Record;
use super::refusals::{failed, refused};
use cavuer_engine::agents;
use cavuer_engine::articles::{self, ArticleDraft, ArticleRefused};
use cavuer_http::App;
use cavuer_models::BUILT_IN_MODEL;

const NAME: &str = "Ada";
/// The built-in answerer has no use for it; it is there for the day the owner chooses a model.
const INSTRUCTION: &str = "You are Ada, the assistant of Corner Shop, a small shop for coffee, \
    tea and stoneware. Answer in the visitor's language, warmly, in two or three sentences. Say \
    only what the articles say. When they do not answer the question, say so and offer to pass \
    the visitor on to a person of the shop.";

macro_rules! article {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/demo/articles/", $name))
    };
}

/// Each has its title on the first line.
pub(super) const ARTICLES: [&str; 6] = [
    article!("opening-hours.txt"),
    article!("delivery.txt"),
    article!("returns.txt"),
    article!("products.txt"),
    article!("payment.txt"),
    article!("contact.txt"),
];

/// Makes the agent with its articles, unless an earlier start has done so.
pub(super) async fn ensure(
    app: &App,
    workspace: WorkspaceId,
    record: &Record,
) -> Result<(), String> {
    let found = app.engine.store.agent_record(workspace, record.agent).await.map_err(failed)?;
    if found.is_some() && record.complete {
        return Ok(());
    }
    let articles = ensure_articles(app, workspace).await?;
    if found.is_none() {
        let new = NewAgent { name: NAME.to_owned(), model: BUILT_IN_MODEL.to_owned() };
        agents::create_as(&app.engine.agents, workspace, record.agent, new)
            .await
            .map_err(refused)?;
    }
    let changes = AgentChanges {
        instruction: Some(INSTRUCTION.to_owned()),
        response_delay: Some(0),
        max_passages: Some(5),
        articles: Some(articles),
        ..AgentChanges::default()
    };
    agents::change(&app.engine.agents, workspace, record.agent, changes).await.map_err(refused)?;
    Ok(())
}

/// The demo's articles; one that is there under its title is not stored again.
async fn ensure_articles(app: &App, workspace: WorkspaceId) -> Result<Vec<ArticleId>, String> {
    let stored = app.engine.store.articles(workspace, None, None).await.map_err(failed)?;
    let mut ids = Vec::new();
    for text in ARTICLES {
        let (title, content) = text.split_once('\n').unwrap_or((text, ""));
        let id = match stored.iter().find(|article| article.title == title) {
            Some(article) => article.id,
            None => create_article(app, workspace, title, content).await?,
        };
        ids.push(id);
    }
    until_indexed(app, workspace).await?;
    Ok(ids)
}

/// Waits for the articles, so that the first question is answered from them.
async fn until_indexed(app: &App, workspace: WorkspaceId) -> Result<(), String> {
    let mut ends = articles::ends(&app.engine.articles);
    while app.engine.store.count_articles_in_work(workspace).await.map_err(failed)? > 0 {
        ends.changed().await.map_err(failed)?;
    }
    Ok(())
}

async fn create_article(
    app: &App,
    workspace: WorkspaceId,
    title: &str,
    content: &str,
) -> Result<ArticleId, String> {
    let draft = ArticleDraft::Typed(content.to_owned());
    let created = articles::create(&app.engine.articles, workspace, title, draft).await;
    created.map(|article| article.id).map_err(|refused| match refused {
        ArticleRefused::Store(error) => failed(error),
        other => failed(format!("{other:?}")),
    })
}
