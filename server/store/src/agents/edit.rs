//! What is to become of an agent.

use cavuer_protocol::ArticleId;
use cavuer_protocol::values::AgentSettings;

/// What is to become of an agent, checked before, except that the articles exist.
pub struct AgentEdit {
    pub(super) settings: Box<dyn FnOnce(&mut AgentSettings) + Send>,
    pub(super) articles: Option<Vec<ArticleId>>,
}

impl AgentEdit {
    /// Changes settings. It is done to those that are stored when its turn comes, so that changes
    /// which others make meanwhile stay.
    pub fn of_settings(change: impl FnOnce(&mut AgentSettings) + Send + 'static) -> Self {
        Self { settings: Box::new(change), articles: None }
    }

    /// Links the agent to these articles and no others.
    pub fn of_articles(articles: Vec<ArticleId>) -> Self {
        Self::of_settings(|_| ()).with_articles(Some(articles))
    }

    /// The same, and where articles are given, the agent is linked to these and no others.
    #[must_use]
    pub fn with_articles(self, articles: Option<Vec<ArticleId>>) -> Self {
        Self { articles, ..self }
    }
}
