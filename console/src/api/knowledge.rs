use gloo_net::http::Method;

use cavuer_protocol::console::{Article, ArticleContent, ArticleDetail, NewArticle};
use cavuer_protocol::{AgentId, ArticleId};

use super::{ApiError, Upload, WorkspaceApi, query};

impl WorkspaceApi {
    /// Articles whose title contains `search` and, if an agent is named, that it may use.
    pub async fn articles(
        self,
        search: Option<String>,
        agent: Option<AgentId>,
    ) -> Result<Vec<Article>, ApiError> {
        let query = query(&[("q", search), ("agent", agent.map(|id| id.to_string()))]);
        self.get(&format!("articles{query}")).await
    }

    pub async fn create_article(self, article: &NewArticle) -> Result<Article, ApiError> {
        self.send(Method::POST, "articles", article).await
    }

    /// Begins to send a file. `progress` gets the share that has left, 0 to 1.
    pub fn upload_article(
        self,
        title: &str,
        file: &web_sys::File,
        progress: impl Fn(f64) + 'static,
    ) -> Result<Upload, ApiError> {
        let url = super::url(&self.path("articles/upload"));
        Upload::start_form(self.api, "POST", &url, Some(title), file, progress)
    }

    /// Begins to send a file that takes the place of an article's content.
    pub fn replace_file(
        self,
        article: ArticleId,
        file: &web_sys::File,
        progress: impl Fn(f64) + 'static,
    ) -> Result<Upload, ApiError> {
        let url = super::url(&self.path(&format!("articles/{article}/file")));
        Upload::start_form(self.api, "PUT", &url, None, file, progress)
    }

    pub async fn retry_article(self, article: ArticleId) -> Result<Article, ApiError> {
        self.command(Method::POST, &format!("articles/{article}/retry")).await
    }

    pub async fn article(self, article: ArticleId) -> Result<ArticleDetail, ApiError> {
        self.get(&format!("articles/{article}")).await
    }

    pub async fn change_article(
        self,
        article: ArticleId,
        content: String,
    ) -> Result<ArticleDetail, ApiError> {
        let path = format!("articles/{article}");
        self.send(Method::PUT, &path, &ArticleContent { content }).await
    }

    pub async fn delete_article(self, article: ArticleId) -> Result<(), ApiError> {
        self.command(Method::DELETE, &format!("articles/{article}")).await
    }
}
